import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { stopped } from '../support/stopped.js';
import { LADDER, nameOf, type Rung } from './ladder.js';
import { absent, type Row } from './row.js';
import { inLanes, startRow } from './schedule.js';
import { keepRows, keptRows, type WholeRun } from './table-file.js';
import { tryRung } from './try.js';

const USAGE = `npm run corpus -- [--checkouts DIR] [--home DIR] [--limit SECONDS] [--jobs N] [names…]

Brings real projects up, looks at them, takes them down, and writes docs/corpus.md and docs/corpus.json.
  --checkouts DIR   where they are checked out (default: $SLIPWAY_CORPUS, else ./corpus-checkouts)
  --home DIR        Slipway's state, kept afterwards (default: a new one that is thrown away)
  --limit SECONDS   for one project (default: 1800)
  --jobs N          projects at a time (default: 2); the order in which they are done is another then, the table's is not
  --proposed        each once more, in a copy with the slipway.yml that \`init\` proposes, and up again with a changed file under load
  --no-table        write no files
  --merge FILE      run nothing: bring the rows of another corpus.json into docs/corpus.json (newer rows win)
names               folders of the ladder; none: all of it`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    checkouts: { type: 'string' },
    home: { type: 'string' },
    limit: { type: 'string', default: '1800' },
    jobs: { type: 'string', default: '2' },
    'no-table': { type: 'boolean', default: false },
    proposed: { type: 'boolean', default: false },
    merge: { type: 'string' },
    /** Of one project's own process: where its row goes. */
    row: { type: 'string' },
    copies: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const from = process.env['INIT_CWD'] ?? process.cwd();
const checkouts = resolve(from, values.checkouts ?? process.env['SLIPWAY_CORPUS'] ?? 'corpus-checkouts');
const stop = stopped();
const isNamed = (rung: Rung): boolean => positionals.includes(rung.folder) || positionals.includes(nameOf(rung));

if (values.merge !== undefined) keepRows(keptRows(resolve(from, values.merge)));
else if (values.row !== undefined) await oneRow(values.row);
else process.exitCode = await manyRows();

/** In a process of its own, whose TMPDIR is an empty folder. */
async function oneRow(file: string): Promise<void> {
  const rung = LADDER.find(isNamed);
  if (rung === undefined) throw new Error(`not in the ladder: ${positionals.join(' ')}`);
  const home = resolve(values.home ?? '');
  const { copies, proposed } = values;
  const row = await tryRung(rung, {
    checkouts,
    home,
    temp: tmpdir(),
    copies,
    limitSeconds: Number(values.limit),
    proposed,
    stop,
  });
  writeFileSync(file, JSON.stringify(row));
}

async function manyRows(): Promise<number> {
  const unknown = positionals.filter((word) => !LADDER.some((rung) => rung.folder === word || nameOf(rung) === word));
  if (unknown.length > 0) {
    console.error(`not in the ladder: ${unknown.join(', ')}\nthere are: ${LADDER.map(nameOf).join(' ')}`);
    return 2;
  }
  const wanted = LADDER.filter((rung) => positionals.length === 0 || isNamed(rung));
  const work = mkdtempSync(join(tmpdir(), 'slipway-corpus-'));
  const jobs = Math.min(Number(values.jobs), wanted.length);
  const began = performance.now();
  const rows: Row[] = [];
  try {
    await inLanes(longestFirst(wanted), jobs, stop, async (rung, lane) => {
      const home = join(
        values.home === undefined ? join(work, 'home') : resolve(from, values.home),
        jobs === 1 ? '' : String(lane),
      );
      const row = await rowOf(rung, work, lane, home);
      rows.push(row);
      console.log(said(row));
    });
  } finally {
    rmSync(work, { recursive: true, force: true, maxRetries: 3 });
  }
  if (stop.aborted) return 130;
  const seconds = (performance.now() - began) / 1000;
  const whole: WholeRun = { seconds, jobs, cores: availableParallelism(), proposed: values.proposed, day: rows[0]?.tried ?? '' };
  console.log(`${rows.length} in ${Math.round(seconds / 60)} minutes, ${jobs} at a time`);
  if (!values['no-table']) keepRows(rows, positionals.length === 0 ? whole : undefined);
  return rows.every(({ result }) => result !== 'failed') ? 0 : 1;
}

/** As far as an earlier run tells: so that the last lane does not work alone for long. */
function longestFirst(rungs: readonly Rung[]): Rung[] {
  const took = new Map(keptRows().map(({ project, seconds, proposed }) => [project, seconds + (proposed?.seconds ?? 0)]));
  const cost = (rung: Rung): number => took.get(nameOf(rung)) ?? Number.POSITIVE_INFINITY;
  return Number(values.jobs) === 1 ? [...rungs] : [...rungs].sort((a, b) => (cost(a) === cost(b) ? 0 : cost(b) - cost(a)));
}

async function rowOf(rung: Rung, work: string, lane: number, home: string): Promise<Row> {
  const temp = join(work, `${lane}`, 'tmp');
  const copies = join(work, `${lane}`, 'copies');
  for (const folder of [temp, copies]) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    mkdirSync(folder, { recursive: true });
  }
  const file = join(work, `${lane}`, 'row.json');
  const flags = ['--checkouts', checkouts, '--home', home, '--copies', copies, '--limit', values.limit, '--row', file];
  try {
    await startRow([...flags, ...(values.proposed ? ['--proposed'] : []), nameOf(rung)], temp, stop);
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return { ...absent(nameOf(rung), rung.repository), result: 'failed', failing: [String(error)] };
  } finally {
    rmSync(file, { force: true });
  }
}

function said({ project, result, seconds, failing, proposed }: Row): string {
  const more = proposed === undefined ? '' : `, proposed ${proposed.result} ${proposed.seconds.toFixed(0)} s`;
  const problems = [...failing, ...(proposed?.failing ?? [])].join('\n  ');
  return `${result.padEnd(7)} ${project.padEnd(34)} ${seconds.toFixed(0).padStart(4)} s${more}  ${problems}`;
}
