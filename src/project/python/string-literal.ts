const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\n': '',
};

/** The value of one Python string literal as written (`r'a\b'`, `"""x"""`); undefined when it is not one. */
export function stringValue(literal: string): string | undefined {
  const match = /^([a-zA-Z]*)("""|'''|"|')/.exec(literal);
  if (match === null) return undefined;
  const prefix = match[1] ?? '';
  const quote = match[2] ?? '';
  const body = literal.slice(prefix.length + quote.length, literal.endsWith(quote) ? -quote.length : undefined);
  return /r/i.test(prefix) ? body : resolveEscapes(body);
}

/** Python's backslash escapes resolved; unknown ones stay as they are. */
export function resolveEscapes(body: string): string {
  if (!body.includes('\\')) return body;
  return body.replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[\s\S])/g, (whole, code: string) => {
    if (/^[xuU]./.test(code)) {
      const point = Number.parseInt(code.slice(1), 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    }
    return ESCAPES[code] ?? (/["'\\]/.test(code) ? code : whole);
  });
}
