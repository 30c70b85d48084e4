/** One token of TypeScript. Strings have their content without quotes; a template is its literal pieces, what is between `${` and `}` is tokens. */
export interface Token {
  readonly kind: 'word' | 'string' | 'template' | 'pattern' | 'number' | 'sign' | 'comment';
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

export interface Import {
  readonly specifier: string;
  readonly line: number;
}

const RULES: readonly (readonly [Token['kind'], RegExp])[] = [
  ['comment', /\/\/[^\n]*|\/\*[\s\S]*?\*\//y],
  ['word', /#?[\p{L}_$][\p{L}\p{N}_$]*/uy],
  ['number', /\d[\w.]*/y],
  ['string', /'((?:[^'\\\n]|\\[\s\S])*)'|"((?:[^"\\\n]|\\[\s\S])*)"/y],
  ['pattern', /\/(?![*/])(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y],
  ['sign', /=>|\?\.|[\s\S]/uy],
];

/** A slash after one of these divides; after anything else it begins a pattern. */
const ENDS_VALUE = /^[)\]}]$/;
const BEFORE_PATTERN = new Set([
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'void',
  'await',
  'yield',
  'else',
  'do',
  'delete',
  'throw',
]);

/** The tokens of a source text, comments among them. @throws Error at a template that is never closed */
export function tokens(text: string): readonly Token[] {
  const found: Token[] = [];
  // Depth of braces at which each open `${` ends.
  const templates: number[] = [];
  let depth = 0;
  let line = 1;
  let before: Token | undefined;
  const push = (kind: Token['kind'], whole: string, content = whole): void => {
    const token = { kind, text: content, line };
    found.push(token);
    if (kind !== 'comment') before = token;
    line += whole.split('\n').length - 1;
  };
  for (let at = 0; at < text.length; ) {
    const space = /^\s+/.exec(text.slice(at, at + 2000))?.[0];
    if (space !== undefined) {
      line += space.split('\n').length - 1;
      at += space.length;
      continue;
    }
    const closes = text[at] === '}' && templates.at(-1) === depth;
    if (text[at] === '`' || closes) {
      if (closes) templates.pop();
      const piece = templatePiece(text, at);
      if (piece.endsWith('${')) templates.push(depth);
      push('template', piece);
      at += piece.length;
      continue;
    }
    const { kind, whole, content } = next(text, at, before);
    if (kind === 'sign' && whole === '{') depth += 1;
    if (kind === 'sign' && whole === '}') depth -= 1;
    push(kind, whole, content);
    at += whole.length;
  }
  return found;
}

function templatePiece(text: string, at: number): string {
  const pattern = /[`}](?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{)/y;
  pattern.lastIndex = at;
  const piece = pattern.exec(text)?.[0];
  if (piece === undefined) throw new Error(`a template at ${at} is never closed`);
  return piece;
}

function next(text: string, at: number, before: Token | undefined): { kind: Token['kind']; whole: string; content: string } {
  for (const [kind, pattern] of RULES) {
    if (kind === 'pattern' && divides(before)) continue;
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) return { kind, whole: match[0], content: match[1] ?? match[2] ?? match[0] };
  }
  throw new Error(`no token at ${at}`);
}

function divides(before: Token | undefined): boolean {
  if (before === undefined || before.kind === 'comment') return false;
  if (before.kind === 'word') return !BEFORE_PATTERN.has(before.text);
  return before.kind !== 'sign' ? !before.text.endsWith('${') : ENDS_VALUE.test(before.text);
}

/** Every module a source names: imports and exports, of types too, and `import(…)`. @throws Error where the module is computed */
export function imports(all: readonly Token[]): readonly Import[] {
  const code = all.filter(({ kind }) => kind !== 'comment');
  return code.flatMap((token, index): Import[] => {
    if (token.kind !== 'word' || code[index - 1]?.text === '.') return [];
    const after = code.slice(index + 1, index + 400);
    if (token.text === 'import') return imported(after, token.line);
    return token.text === 'export' ? reExported(after, token.line) : [];
  });
}

function imported(after: readonly Token[], line: number): Import[] {
  const [first, second] = after;
  if (first?.kind === 'string') return [{ specifier: first.text, line }];
  // `import.meta`, or a property of that name.
  if (first === undefined || first.text === '.' || first.text === ':' || first.text === ',') return [];
  if (first.text === '(') {
    if (second?.kind === 'string') return [{ specifier: second.text, line }];
    throw new Error(`line ${line}: an import of a computed module`);
  }
  return fromClause(after, line);
}

function reExported(after: readonly Token[], line: number): Import[] {
  const start = after[0]?.text === 'type' ? 1 : 0;
  if (after[start]?.text === '*') return fromClause(after, line);
  if (after[start]?.text !== '{') return [];
  const end = after.findIndex(({ kind, text }) => kind === 'sign' && text === '}');
  return after[end + 1]?.text === 'from' ? fromClause(after, line) : [];
}

function fromClause(after: readonly Token[], line: number): Import[] {
  const from = after.findIndex(
    (token, index) => token.kind === 'word' && token.text === 'from' && after[index + 1]?.kind === 'string',
  );
  const specifier = after[from + 1]?.text;
  if (from < 0 || specifier === undefined) throw new Error(`line ${line}: an import without its module`);
  return [{ specifier, line }];
}
