// Keeps docs/errors in step with the codes in src: one page a code, its text written by people.
// Without arguments: makes the pages that are missing from what the source says, refreshes their heads and the index.
// --check: changes nothing, and fails where a code has no page, a page no code, or a head or the index is stale.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const SOURCE = join(ROOT, 'src');
const PAGES = join(ROOT, 'docs/errors');
const EXIT_CODES = {
  bug: 1,
  usage: 2,
  config: 3,
  project: 4,
  environment: 5,
  connection: 6,
  remote: 7,
  conflict: 8,
  cancelled: 130,
};

const CODE = '([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)';
/** The ways in which the source names a code; the kind is the given one, else it is read near the code. */
const WAYS = [
  { pattern: new RegExp(String.raw`new Failure\(\s*'${CODE}'`, 'g') },
  { pattern: new RegExp(String.raw`\bcode: (?:[^,'{}]*\? )?'${CODE}'`, 'g') },
  { pattern: new RegExp(String.raw`\bcode: [^,'{}]*\? '[A-Z_]+' : '${CODE}'`, 'g') },
  { pattern: new RegExp(String.raw`\btold\(\s*step,\s*'${CODE}'`, 'g'), kind: 'remote' },
  { pattern: new RegExp(String.raw`\blacks\(\s*\w+,\s*'${CODE}'`, 'g'), kind: 'environment' },
];

/** Every code with its kinds and the message and hint the source gives it first. */
export function codesOfSource() {
  const codes = new Map();
  for (const file of typescriptFiles()) {
    const text = withoutComputed(readFileSync(file, 'utf8'));
    for (const { pattern, kind } of WAYS) {
      for (const match of text.matchAll(pattern)) {
        const near = enclosing(text, match.index);
        const told = kind ?? kindIn(near) ?? (file.includes('/config/') ? 'config' : undefined);
        add(codes, match[1], told, near);
      }
    }
  }
  return new Map([...codes].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The source with every `${…}` of a template as `…`. */
function withoutComputed(text) {
  const shorter = text.replace(/\$\{[^{}]*\}/g, '…');
  return shorter === text ? text : withoutComputed(shorter);
}

/** The call or the object literal around a place. */
function enclosing(text, at) {
  if (text.startsWith('new Failure', at)) return text.slice(at, at + 700).split(/;\n|(?<!^)new Failure\(/)[0];
  const [from, to] = [text.lastIndexOf('{', at), text.indexOf('}', at)];
  return text.slice(Math.max(from, at - 500), to === -1 ? at + 500 : to);
}

function typescriptFiles() {
  return readdirSync(SOURCE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function kindIn(text) {
  const kind = /^new Failure\(\s*'[A-Z0-9_]+',\s*'([a-z]+)'/.exec(text)?.[1] ?? /\bkind: '([a-z]+)'/.exec(text)?.[1];
  return kind in EXIT_CODES ? kind : undefined;
}

function add(codes, code, kind, text) {
  const known = codes.get(code) ?? { kinds: new Set(), text };
  if (kind !== undefined) known.kinds.add(kind);
  codes.set(code, known);
}

/** The text a literal of the source stands for: what is computed becomes `…`. */
function literal(text, pattern) {
  const found = pattern
    .exec(text)
    ?.slice(1)
    .find((part) => part !== undefined);
  return found
    ?.replaceAll(/\$\{[^}]*\}/g, '…')
    .replaceAll("\\'", "'")
    .replaceAll('\\n', ' ');
}

function skeleton(code, { kinds, text }) {
  const message = literal(
    text,
    /'[a-z]+',\s*(?:`([^`]*)`|'((?:[^'\\]|\\.)*)'|"([^"]*)")|message: (?:`([^`]*)`|'((?:[^'\\]|\\.)*)'|"([^"]*)")/,
  );
  const hint = literal(text, /\bhint: (?:`([^`]*)`|'((?:[^'\\]|\\.)*)'|"([^"]*)")/);
  const meaning = message === undefined ? 'See the message that Slipway printed with this code.' : `Slipway says: ${message}.`;
  const mend = hint === undefined ? 'The lines below the message say what was found.' : `\`\`\`\n${hint}\n\`\`\``;
  return `${head(code, kinds)}\n\n## What it means\n\n${meaning}\n\n## What to do\n\n${mend}\n`;
}

function head(code, kinds) {
  const told = [...kinds].sort().map((kind) => `${kind} · exit code ${EXIT_CODES[kind]}`);
  return `# ${code}\n\nKind: ${told.join(', or ')}`;
}

function withHead(page, code, kinds) {
  const at = page.indexOf('\n## ');
  return `${head(code, kinds)}\n${at === -1 ? '' : page.slice(at)}`;
}

function index(pages) {
  const rows = [...pages].map(
    ([code, page]) => `| [${code}](${code}.md) | ${/^Kind: (.*)$/m.exec(page)?.[1]} | ${summary(page)} |`,
  );
  return `# Errors\n\nEvery error of Slipway has a code that does not change, a kind that says who can mend it, and a page here.\n\n| code | kind | what it means |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
}

function summary(page) {
  const paragraph = /## What it means\n\n([\s\S]*?)\n\n/.exec(page)?.[1]?.replaceAll('\n', ' ') ?? '';
  return (/^.*?[.](?= |$)/.exec(paragraph)?.[0] ?? paragraph).replaceAll('|', '\\|');
}

function existing() {
  const names = readdirSync(PAGES).filter((name) => name.endsWith('.md') && name !== 'README.md');
  return new Map(names.map((name) => [name.slice(0, -3), readFileSync(join(PAGES, name), 'utf8')]));
}

const codes = codesOfSource();
const before = existing();
const pages = new Map(
  [...codes].map(([code, known]) => {
    const page = before.get(code);
    return [code, page === undefined ? skeleton(code, known) : withHead(page, code, known.kinds)];
  }),
);
const wanted = new Map([...pages, ['README', index(pages)]]);
const readme = existingIndex();
const problems = [
  ...[...codes.keys()]
    .filter((code) => !before.has(code))
    .map((code) => `${code} has no page: node scripts/generate-errors.mjs, then write it`),
  ...[...before.keys()]
    .filter((code) => !codes.has(code))
    .map((code) => `docs/errors/${code}.md is about a code that src does not have`),
  ...[...before]
    .filter(([code, page]) => codes.has(code) && pages.get(code) !== page)
    .map(([code]) => `docs/errors/${code}.md has a stale head`),
  ...(readme === wanted.get('README') ? [] : ['docs/errors/README.md is stale']),
];

function existingIndex() {
  try {
    return readFileSync(join(PAGES, 'README.md'), 'utf8');
  } catch {
    return undefined;
  }
}

if (process.argv.includes('--check')) {
  for (const problem of problems) console.error(problem);
  process.exit(problems.length === 0 ? 0 : 1);
}
for (const [name, text] of wanted) writeFileSync(join(PAGES, `${name}.md`), text);
for (const problem of problems.filter((each) => each.includes('does not have'))) console.error(problem);
console.log(`${codes.size} codes, ${codes.size - [...codes.keys()].filter((code) => before.has(code)).length} new pages`);
