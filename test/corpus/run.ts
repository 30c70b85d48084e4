import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../support/slipway.js';
import { LADDER, nameOf } from './ladder.js';
import type { Row } from './row.js';
import { markdown, merged } from './table.js';
import { tryRung } from './try.js';

const USAGE = `npm run corpus -- [--checkouts DIR] [--home DIR] [--limit SECONDS] [names…]

Brings real projects up, looks at them, takes them down, and writes docs/corpus.md and docs/corpus.json.
  --checkouts DIR   where they are checked out (default: $SLIPWAY_CORPUS, else ./corpus-checkouts)
  --home DIR        Slipway's state, kept afterwards (default: a new one that is thrown away)
  --limit SECONDS   for one project (default: 900)
  --proposed        each once more, in a copy with the slipway.yml that \`init\` proposes, and up again with a changed file under load
  --no-table        write no files
  --merge FILE      run nothing: bring the rows of another corpus.json into docs/corpus.json (newer rows win)
names               folders of the ladder; none: all of it`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    checkouts: { type: 'string' },
    home: { type: 'string' },
    limit: { type: 'string', default: '900' },
    'no-table': { type: 'boolean', default: false },
    proposed: { type: 'boolean', default: false },
    merge: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const from = process.env['INIT_CWD'] ?? process.cwd();
const checkouts = resolve(from, values.checkouts ?? process.env['SLIPWAY_CORPUS'] ?? 'corpus-checkouts');
if (values.merge !== undefined) {
  writeTable(JSON.parse(readFileSync(resolve(from, values.merge), 'utf8')));
  process.exit(0);
}
const unknown = positionals.filter((word) => !LADDER.some((rung) => rung.folder === word || nameOf(rung) === word));
if (unknown.length > 0) {
  console.error(`not in the ladder: ${unknown.join(', ')}\nthere are: ${LADDER.map(nameOf).join(' ')}`);
  process.exit(2);
}
const wanted = LADDER.filter(
  (rung) => positionals.length === 0 || positionals.includes(rung.folder) || positionals.includes(nameOf(rung)),
);
const home = values.home === undefined ? mkdtempSync(join(tmpdir(), 'slipway-corpus-')) : resolve(from, values.home);

const rows: Row[] = [];
try {
  for (const rung of wanted) {
    const row = await tryRung(rung, { checkouts, home, limitSeconds: Number(values.limit), proposed: values.proposed });
    rows.push(row);
    console.log(
      `${row.result.padEnd(7)} ${row.project.padEnd(34)} ${row.seconds.toFixed(0).padStart(4)} s  ${row.failing.join('\n  ')}`,
    );
  }
} finally {
  if (values.home === undefined) rmSync(home, { recursive: true, force: true, maxRetries: 3 });
}
if (!values['no-table']) writeTable(rows);
process.exit(rows.every(({ result }) => result !== 'failed') ? 0 : 1);

function writeTable(now: readonly Row[]): void {
  const json = join(ROOT, 'docs/corpus.json');
  const all = merged(earlierRows(json), now, LADDER.map(nameOf));
  writeFileSync(json, `${JSON.stringify(all, null, 1)}\n`);
  writeFileSync(join(ROOT, 'docs/corpus.md'), markdown(all));
}

function earlierRows(path: string): Row[] {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return [];
  }
}
