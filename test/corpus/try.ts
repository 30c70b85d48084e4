import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkLive, listing } from '../support/live-checks.js';
import { type Ran, slipway } from '../support/slipway.js';
import { portsOf, stateOf } from '../support/state.js';
import { commitOf, incomplete } from './checkout.js';
import { nameOf, type Rung } from './ladder.js';
import { leftBehind, openPort } from './left-behind.js';
import { absent, type Row } from './row.js';
import { detected, isRecord, told, warningsOf } from './said.js';

export interface Trial {
  /** Folder of the checkouts. */
  readonly checkouts: string;
  readonly home: string;
  readonly limitSeconds: number;
}

/** One project with nothing given, and where that does not do, a copy of it with the slipway.yml its user would write. */
export async function tryRung(rung: Rung, trial: Trial): Promise<Row> {
  const checkout = join(trial.checkouts, rung.folder);
  const project = nameOf(rung);
  if (!existsSync(join(checkout, rung.below ?? ''))) return absent(project, rung.repository);
  const plain = await tryFolder(rung, checkout, trial);
  const head = { project, repository: rung.repository, commit: commitOf(checkout), notes: notesOf(rung, checkout) };
  if (plain.failing.length === 0) return { ...head, ...plain, result: 'live' };
  if (rung.config === undefined) return { ...head, ...plain, result: 'failed' };
  const helped = await tryCopy(rung, checkout, trial, rung.config);
  const row = { ...head, ...helped, seconds: plain.seconds + helped.seconds, withNothing: plain.failing, config: rung.config };
  return { ...row, result: helped.failing.length === 0 ? 'live with slipway.yml' : 'failed' };
}

const notesOf = (rung: Rung, checkout: string): string[] => [
  ...incomplete(checkout),
  ...(rung.packages === undefined ? [] : [`needs apt: ${rung.packages.join(' ')}`]),
  ...(rung.first ?? []).map((argv) => `first: ${argv.join(' ')}`),
];

type Tried = Pick<Row, 'seconds' | 'detected' | 'overridden' | 'warnings' | 'failing'>;

async function tryCopy(rung: Rung, checkout: string, trial: Trial, config: string): Promise<Tried> {
  const parent = mkdtempSync(join(tmpdir(), 'slipway-corpus-copy-'));
  try {
    const copy = join(parent, rung.folder);
    cpSync(checkout, copy, { recursive: true, verbatimSymlinks: true });
    const directory = join(copy, rung.below ?? '');
    await slipway(['init', '-C', directory, '--yes', '--json'], { home: trial.home });
    appendFileSync(join(directory, 'slipway.yml'), `\n${config}`);
    return await tryFolder(rung, copy, trial);
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}

/** Up, looked at, and down again: what did not hold, and what it left. */
async function tryFolder(rung: Rung, checkout: string, { home, limitSeconds }: Trial): Promise<Tried> {
  const directory = join(checkout, rung.below ?? '');
  const began = performance.now();
  const before = await listing(checkout);
  const up = await slipway(['up', directory, '--json'], { home, timeoutMs: limitSeconds * 1000 });
  const failing: string[] = [];
  let overridden: readonly string[] = [];
  if (up.code === 0) {
    overridden = heldSettings(home, directory, String(up.result['release']));
    failing.push(...(await look(rung, directory, home, up)));
  } else failing.push(told(up, limitSeconds));
  const ports = up.code === 0 ? portsOf(home, directory) : undefined;
  const down = await slipway(['down', directory, '--delete-data', '--yes', '--json'], { home });
  if (down.code !== 0) failing.push(`down: ${told(down, 0)}`);
  failing.push(...(await openPort(ports?.https, home)), ...(await leftBehind(checkout, before, home)));
  return { seconds: (performance.now() - began) / 1000, detected: detected(up), overridden, warnings: warningsOf(up), failing };
}

async function look(rung: Rung, directory: string, home: string, up: Ran): Promise<string[]> {
  const { url, ca } = up.result;
  if (typeof url !== 'string' || typeof ca !== 'string') return ['up named no address'];
  for (const argv of rung.first ?? []) {
    const ran = await slipway(['exec', '-C', directory, '--', ...argv], { home });
    if (ran.code !== 0) return [`${argv.join(' ')}: ${ran.stderr.trim().split('\n').at(-1)}`];
  }
  const outcomes = await checkLive({ directory, home, url, ca, httpPort: portsOf(home, directory).http }, rung);
  return outcomes.flatMap(({ name, problem }) => (problem === undefined ? [] : [`${name}: ${problem}`]));
}

/** Names of the settings that the release holds. */
function heldSettings(home: string, directory: string, release: string): string[] {
  const document: unknown = JSON.parse(readFileSync(join(stateOf(home, directory), 'releases', release, 'pins.json'), 'utf8'));
  const pins = isRecord(document) && Array.isArray(document['pins']) ? document['pins'] : [];
  return [...new Set(pins.flatMap((pin: unknown) => (isRecord(pin) ? [String(pin['name'])] : [])))];
}
