import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkLive, listing } from '../support/live-checks.js';
import { type Ran, slipway } from '../support/slipway.js';
import { portsOf, stateOf } from '../support/state.js';
import { upAgain } from './again.js';
import { commitOf, incomplete } from './checkout.js';
import { nameOf, type Rung } from './ladder.js';
import { changesIn, leftBehind, openPort } from './left-behind.js';
import { withProposed } from './proposed.js';
import { type Again, absent, type Proposed, type Row } from './row.js';
import { detected, isRecord, told, warningsOf } from './said.js';

export interface Trial {
  /** Folder of the checkouts. */
  readonly checkouts: string;
  readonly home: string;
  /** Where temporary files are meant to go: empty before and after. */
  readonly temp: string;
  /** Folder for copies of checkouts. */
  readonly copies: string;
  readonly limitSeconds: number;
  /** Whether a copy with the slipway.yml that `init` proposes is brought up too, twice. */
  readonly proposed: boolean;
  /** When it comes, what is up is taken down and nothing more is brought up. */
  readonly stop: AbortSignal;
}

/** One project with nothing given, and where that does not do or more is asked for, a copy of it with the slipway.yml its user would write. */
export async function tryRung(rung: Rung, trial: Trial): Promise<Row> {
  const checkout = join(trial.checkouts, rung.folder);
  const project = nameOf(rung);
  if (!existsSync(join(checkout, rung.below ?? ''))) return absent(project, rung.repository);
  const plain = await tryFolder(rung, checkout, trial);
  const tried = new Date().toISOString().slice(0, 10);
  const head = { project, repository: rung.repository, commit: commitOf(checkout), notes: notesOf(rung, checkout), tried };
  const isLive = plain.failing.length === 0;
  const isHelped = !isLive && (rung.config ?? rung.blanks) !== undefined;
  if (!isHelped && !trial.proposed) return { ...head, ...plain, result: isLive ? 'live' : 'failed' };
  const copied = await tryProposed(rung, checkout, trial);
  const proposed: Proposed = {
    result: copied.failing.length === 0 ? 'live' : 'failed',
    seconds: copied.seconds,
    failing: copied.failing,
    filled: copied.filled,
    ...(copied.again === undefined ? {} : { again: copied.again }),
  };
  const config = rung.config === undefined ? {} : { config: rung.config };
  if (!isHelped) return { ...head, ...plain, ...config, proposed, result: isLive ? 'live' : 'failed' };
  const { filled: _, again: __, ...seen } = copied;
  const result = proposed.result === 'live' ? 'live with slipway.yml' : 'failed';
  return { ...head, ...seen, seconds: plain.seconds + seen.seconds, withNothing: plain.failing, ...config, proposed, result };
}

const notesOf = (rung: Rung, checkout: string): string[] => [
  ...incomplete(checkout),
  ...(rung.packages === undefined ? [] : [`needs apt: ${rung.packages.join(' ')}`]),
  ...(rung.first ?? []).map((argv) => `first: ${argv.join(' ')}`),
];

type Tried = Pick<Row, 'seconds' | 'detected' | 'overridden' | 'warnings' | 'failing'> & { readonly again?: Again };

async function tryProposed(rung: Rung, checkout: string, trial: Trial): Promise<Tried & { readonly filled: readonly string[] }> {
  const began = performance.now();
  try {
    return await withProposed({ rung, checkout, ...trial }, async (copy, filled) => ({
      ...(await tryFolder(rung, copy, trial, upAgain)),
      filled,
    }));
  } catch (error) {
    const seconds = (performance.now() - began) / 1000;
    return { seconds, detected: [], overridden: [], warnings: [], failing: [String(error)], filled: [] };
  }
}

/** Up, looked at, and down again: what did not hold, and what it left. @param more what to do while it is up */
async function tryFolder(rung: Rung, checkout: string, trial: Trial, more?: typeof upAgain): Promise<Tried> {
  const { home, limitSeconds, stop } = trial;
  stop.throwIfAborted();
  const directory = join(checkout, rung.below ?? '');
  const began = performance.now();
  let before = await listing(checkout);
  const up = await slipway(['up', directory, '--json'], { home, timeoutMs: limitSeconds * 1000 });
  const failing: string[] = [];
  let overridden: readonly string[] = [];
  let again: Again | undefined;
  if (up.code === 0) {
    overridden = heldSettings(home, directory, String(up.result['release']));
    failing.push(...(await look(rung, directory, home, up)));
    if (more !== undefined && !stop.aborted) {
      failing.push(...changesIn(before, await listing(checkout)));
      const second = await more(rung, directory, trial, up);
      before = await listing(checkout);
      failing.push(...second.problems);
      again = second.again;
    }
  } else failing.push(told(up, limitSeconds));
  const ports = up.code === 0 ? portsOf(home, directory) : undefined;
  const down = await slipway(['down', directory, '--delete-data', '--yes', '--json'], { home });
  if (down.code !== 0) failing.push(`down: ${told(down, 0)}`);
  failing.push(...(await openPort(ports?.https, home)), ...(await leftBehind(checkout, before, trial)));
  const seconds = (performance.now() - began) / 1000;
  const placeless = (texts: readonly string[]) =>
    texts.map((text) => text.replaceAll(home, 'SLIPWAY_HOME').replaceAll(checkout, rung.folder));
  const seen = {
    seconds,
    detected: detected(up),
    overridden,
    warnings: placeless(warningsOf(up)),
    failing: placeless(failing),
  };
  return again === undefined ? seen : { ...seen, again };
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
