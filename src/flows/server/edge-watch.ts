import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../../core/failure.js';
import { askPublicly } from '../../hosts/public-request.js';
import { EdgeTally, type Logged, type Probed, type Proof } from '../../targets/server/edge-tally.js';
import { errorsRise } from '../../targets/server/errors-rise.js';
import { edgeLogs, stateFiles } from '../../targets/server/layout.js';
import { hostTool, type ServerRelease } from '../../targets/server/options.js';
import { pageRequest } from '../../targets/server/verify.js';
import type { Context } from '../context.js';
import type { ServerApp } from './app.js';

/** What visitors of the edge get, watched while a release takes over. */
export interface EdgeWatch {
  /** From now on what is seen is of the new release. */
  switched(): void;
  /**
   * Goes on watching until so many seconds after the switch are over. @param before what is gone back to
   * @throws Failure ERRORS_ROSE (project) as soon as they have
   */
  hold(seconds: number, before: string): Promise<void>;
  /** Ends the waiting: another host's errors have risen. */
  endHold(): void;
  /** Ends it; what was seen. */
  stop(): Promise<Proof>;
}

const PROBES_A_SECOND = 5;
const PROBE_MS = 1000 / PROBES_A_SECOND;
const TIMEOUT_MS = 5000;
/** Whether the edge is reached from here at all is found out in this time. */
const FIRST_MS = 2000;
const LOOK_MS = 100;
const AGENT = 'slipway-probe';

/** Sends requests through the public edge at a low rate, from here where it is reached from here, and reads its access log. */
export async function watchEdge(app: ServerApp, context: Context, release: ServerRelease): Promise<EdgeWatch> {
  const tally = new EdgeTally();
  const end = new AbortController();
  const ask = await publicProbe(app, release);
  const isHere = ask !== undefined && (await ask(FIRST_MS)).status !== null;
  const here = isHere ? probing(ask, tally, end.signal) : Promise.resolve();
  const there = followOnHost(app, context, release, isHere ? undefined : app.connection.account.hostName, tally, end.signal);
  let since = performance.now();
  let isReleased = false;
  return {
    switched: () => {
      since = performance.now();
      tally.switched();
    },
    hold: async (seconds, before) => {
      for (const until = since + seconds * 1000; performance.now() < until && !isReleased; ) {
        await pause(Math.min(LOOK_MS, until - performance.now()), undefined, { signal: context.signal });
        const why = errorsRise(tally.before, tally.after);
        if (why !== undefined && !(tally.isSilent && (await answersThere(app, release))))
          throw rose(app, release, before, `${why} (${((performance.now() - since) / 1000).toFixed(1)} s after the switch)`);
      }
    },
    endHold: () => {
      isReleased = true;
    },
    stop: async () => {
      end.abort();
      await Promise.all([here, there]);
      return tally.proof(isHere ? 'here' : 'host');
    },
  };
}

const rose = (app: ServerApp, { version }: ServerRelease, before: string, why: string): Failure =>
  new Failure(
    'ERRORS_ROSE',
    'project',
    `Errors rose with release ${version} on ${app.place.name}: ${why}; ${before} is live again`,
    {
      hint: 'slipway logs web',
    },
  );

type Probe = (timeoutMs: number) => Promise<Probed>;

/** A request from here; undefined where there is no certificate on the host to know it by. */
async function publicProbe(app: ServerApp, release: ServerRelease): Promise<Probe | undefined> {
  const read = () => app.system.read(stateFiles(app.at).certificate);
  const first = await read();
  if (first === undefined) return undefined;
  let certificate = first;
  const name = release.domains[0] ?? 'localhost';
  const send = (timeoutMs: number) =>
    askPublicly({ address: app.connection.account.hostName, name, certificate, path: '/', agent: AGENT, timeoutMs });
  return async (timeoutMs) => {
    const began = performance.now();
    const status = await send(timeoutMs).catch(async () => {
      // A release may bring another certificate.
      const fresh = await read().catch(() => undefined);
      if (fresh === undefined || fresh === certificate) return null;
      certificate = fresh;
      return send(timeoutMs).catch(() => null);
    });
    return { ms: performance.now() - began, status };
  };
}

/** One request when it is due, whatever has become of those before it. */
async function probing(ask: Probe, tally: EdgeTally, signal: AbortSignal): Promise<void> {
  const began = performance.now();
  const asked: Promise<void>[] = [];
  for (let number = 0; !signal.aborted; number++) {
    await pause(Math.max(0, began + number * PROBE_MS - performance.now()), undefined, { signal }).catch(() => {});
    if (signal.aborted) break;
    asked.push(ask(TIMEOUT_MS).then((probed) => tally.probed(probed)));
  }
  await Promise.all(asked);
}

/** @param address where the host itself sends requests to; undefined: it only reads */
async function followOnHost(
  app: ServerApp,
  context: Context,
  { options, version, domains }: ServerRelease,
  address: string | undefined,
  tally: EdgeTally,
  signal: AbortSignal,
): Promise<void> {
  const argv = [
    ...[app.place.python, '-I', '-S', hostTool(app.place, 'watch_edge.py')],
    ...['--log', `${edgeLogs(options.layout, options.edge)}/access.log`, '--release', version],
    ...['--name', domains[0] ?? 'localhost', '--certificate', stateFiles(options.layout).certificate],
    ...(address === undefined ? [] : ['--address', address, '--rate', String(PROBES_A_SECOND)]),
  ];
  const onLine = (line: string) => {
    const { logged, probed } = readLine(line);
    if (logged !== undefined) tally.logged(logged);
    if (probed !== undefined) tally.probed(probed);
  };
  try {
    const { code, stderr } = await app.system.exec({ argv }, { signal, onLine });
    if (signal.aborted) return;
    const said = stderr.trimEnd().split('\n').at(-1) ?? '';
    const message = `What visitors get is not watched on ${app.place.name}: watch_edge.py exited with ${code} ${said}`;
    context.report({ type: 'warning', warning: { code: 'edge-not-watched', message } });
  } catch (error) {
    // A connection that is lost is told by what it was needed for.
    if (!signal.aborted && Failure.from(error).kind !== 'connection') throw error;
  }
}

/** One line of `watch_edge.py`. */
function readLine(line: string): { readonly logged?: Logged; readonly probed?: Probed } {
  const entry = record(parse(line));
  const log = record(entry['log']);
  const probe = record(entry['probe']);
  const [requests, failed, ms, status] = [log['requests'], log['failed'], probe['ms'], probe['status']];
  if (typeof requests === 'number' && typeof failed === 'number')
    return { logged: { requests, failed, isNew: entry['new'] === true } };
  if (typeof ms === 'number') return { probed: { ms, status: typeof status === 'number' ? status : null } };
  return {};
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

/** Whether the page comes where the network between here and there plays no part. */
async function answersThere(app: ServerApp, release: ServerRelease): Promise<boolean> {
  const response = await app.system.request(pageRequest(release)).catch(() => undefined);
  return response !== undefined && response.status < 500;
}
