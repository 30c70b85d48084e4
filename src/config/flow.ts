/** Words that some reader of YAML, 1.1 or 1.2, takes for something else than a text. */
const RESERVED = /^(?:true|false|yes|no|on|off|y|n|null)$/i;
const PLAIN = /^(?:[A-Za-z_/]|\.\/)[\w./@+-]*(?: [\w./@+=-]+)*$/;

/** Plain data as YAML on one line: what needs no quotes has none, everything else is quoted as JSON is. */
export function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return scalar(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${scalar(key)}: ${flow(item)}`)
    .join(', ')}}`;
}

const scalar = (value: unknown): string =>
  typeof value === 'string' && PLAIN.test(value) && !RESERVED.test(value) ? value : escaped(JSON.stringify(value) ?? 'null');

/** JSON lets characters stand that YAML, or a terminal, does not. YAML's escapes are of whole characters: https://yaml.org/spec/1.2.2/#57-escaped-characters */
const escaped = (json: string): string =>
  json.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cf}\ufffe\uffff]/gu, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
  });
