import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { checkLive, listing, processesNaming } from '../support/live-checks.js';
import { type Ran, slipway } from '../support/slipway.js';
import { portsOf, stateOf } from '../support/state.js';
import { nameOf, type Rung } from './ladder.js';
import { absent, type Row } from './row.js';

export interface Trial {
  /** Folder of the checkouts. */
  readonly checkouts: string;
  readonly home: string;
  readonly limitSeconds: number;
}

/** One project up, looked at, and down again. */
export async function tryRung(rung: Rung, { checkouts, home, limitSeconds }: Trial): Promise<Row> {
  const checkout = join(checkouts, rung.folder);
  const directory = join(checkout, rung.below ?? '');
  const project = nameOf(rung);
  if (!existsSync(directory)) return absent(project, rung.repository);
  const began = performance.now();
  const before = await listing(checkout);
  const up = await slipway(['up', directory, '--json'], { home, timeoutMs: limitSeconds * 1000 });
  const failing: string[] = [];
  let overridden: readonly string[] = [];
  try {
    if (up.code === 0) {
      overridden = heldSettings(home, directory, String(up.result['release']));
      failing.push(...(await look(rung, directory, home, up)));
    } else failing.push(told(up, limitSeconds));
    const ports = up.code === 0 ? portsOf(home, directory) : undefined;
    failing.push(...(await takeDown(directory, home, [ports?.https, ports?.http])));
  } finally {
    failing.push(...(await leftBehind(checkout, before, home)));
  }
  return {
    project,
    repository: rung.repository,
    commit: commitOf(checkout),
    result: failing.length === 0 ? 'live' : 'failed',
    seconds: (performance.now() - began) / 1000,
    detected: detected(up),
    overridden,
    warnings: warningsOf(up),
    failing,
    notes: [...incomplete(checkout), ...(rung.packages === undefined ? [] : [`needs apt: ${rung.packages.join(' ')}`])],
  };
}

async function look(rung: Rung, directory: string, home: string, up: Ran): Promise<string[]> {
  const { url, ca } = up.result;
  if (typeof url !== 'string' || typeof ca !== 'string') return ['up named no address'];
  const app = { directory, home, url, ca, httpPort: portsOf(home, directory).http };
  const outcomes = await checkLive(app, rung);
  return outcomes.flatMap(({ name, problem }) => (problem === undefined ? [] : [`${name}: ${problem}`]));
}

async function takeDown(directory: string, home: string, ports: readonly (number | undefined)[]): Promise<string[]> {
  const ran = await slipway(['down', directory, '--delete-data', '--yes', '--json'], { home });
  const failed = ran.code === 0 ? [] : [`down: ${told(ran, 0)}`];
  const open: string[] = [];
  for (const port of ports) if (port !== undefined && (await answers(port))) open.push(`port ${port} is still open`);
  return [...failed, ...open];
}

async function leftBehind(checkout: string, before: readonly string[], home: string): Promise<string[]> {
  const known = new Set(before);
  const after = await listing(checkout);
  const changed = [...after.filter((entry) => !known.has(entry)), ...before.filter((entry) => !after.includes(entry))];
  const processes = await processesNaming(join(home, 'apps'));
  const mounts = (await readFile('/proc/mounts', 'utf8'))
    .split('\n')
    .filter((line) => line.includes(home) || line.includes(checkout));
  return [
    ...(changed.length === 0 ? [] : [`the checkout was changed: ${changed.slice(0, 5).join(', ')}`]),
    ...(processes.length === 0 ? [] : [`processes are left: ${processes.slice(0, 3).join('; ').slice(0, 400)}`]),
    ...(mounts.length === 0 ? [] : [`mounts are left: ${mounts.join('; ')}`]),
  ];
}

/** What the user gets: code, message, hint. */
function told(ran: Ran, limitSeconds: number): string {
  if (ran.code === 137) return `not done after ${limitSeconds} s`;
  const error = ran.result['error'];
  if (!isRecord(error)) return `exit ${ran.code}: ${ran.stderr.trim().split('\n').at(-1) ?? ''}`;
  return `${error['code']}: ${error['message']}${error['hint'] ? `  →  ${error['hint']}` : ''}`;
}

/** Names of the settings that the release holds. */
function heldSettings(home: string, directory: string, release: string): string[] {
  const document: unknown = JSON.parse(readFileSync(join(stateOf(home, directory), 'releases', release, 'pins.json'), 'utf8'));
  const pins = isRecord(document) && Array.isArray(document['pins']) ? document['pins'] : [];
  return [...new Set(pins.flatMap((pin: unknown) => (isRecord(pin) ? [String(pin['name'])] : [])))];
}

function detected(up: Ran): string[] {
  const app = up.stdout
    .split('\n')
    .filter((line) => line.startsWith('{"type":"app"'))
    .map((line): unknown => JSON.parse(line))
    .find(isRecord);
  return Array.isArray(app?.['summary']) ? app['summary'].map(String) : [];
}

function warningsOf(up: Ran): string[] {
  const { warnings } = up.result;
  return Array.isArray(warnings)
    ? warnings.flatMap((warning: unknown) => (isRecord(warning) ? [String(warning['message'])] : []))
    : [];
}

const git = (checkout: string, ...words: string[]): string | undefined => {
  try {
    return execFileSync('git', ['--no-optional-locks', '-C', checkout, ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
};

const commitOf = (checkout: string): string | null => git(checkout, 'rev-parse', 'HEAD') ?? null;

/** A checkout can lack files of its commit. */
function incomplete(checkout: string): string[] {
  const lacking =
    git(checkout, 'ls-files', '--deleted')
      ?.split('\n')
      .filter((name) => name !== '') ?? [];
  return lacking.length === 0
    ? []
    : [`the checkout lacks ${lacking.length} files of its commit: ${lacking.slice(0, 3).join(', ')}`];
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
