import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Service } from '../core/release.js';
import { type ProcessInfo, restartsIn } from '../ops/supervisor.js';
import { cronName } from '../targets/local/cron-program.js';
import { authorityCertificate, sockets, stateFiles } from '../targets/local/layout.js';
import { type App, openApp, slug } from './app.js';
import type { Context } from './context.js';
import { liveResult } from './live-result.js';
import { readPorts } from './ports.js';
import { processesOf } from './processes.js';
import { type LocalRelease, readLive } from './release-record.js';
import type { ProcessStatus, ServiceStatus, StatusResult } from './results.js';
import { findLost } from './supervision.js';

/** Groups that are the app's surroundings rather than its code. */
const SERVICES: Readonly<Record<string, string>> = { postgresql: 'postgresql', mysql: 'mysql', redis: 'redis', edge: 'nginx' };

/** What runs of the app, and in what state. Of an app that is not up, release and address are null. */
export async function status(context: Context): Promise<StatusResult> {
  const app = await openApp(context);
  const [{ current }, infos, log] = await Promise.all([readLive(app), processesOf(app), supervisorLog(app)]);
  const restarts = restartsIn(log);
  const own = infos.filter(({ group }) => SERVICES[group] === undefined && !group.startsWith('drain-'));
  const isUp = current !== undefined && (own.length > 0 || (await findLost(app)).length > 0);
  const live = isUp ? liveResult(app, current) : undefined;
  return {
    app: current?.app ?? slug(basename(app.root)),
    environment: app.environment,
    state: isUp ? 'up' : current === undefined ? 'never up' : 'down',
    release: live?.release ?? null,
    last: current?.version ?? null,
    url: live?.url ?? null,
    ca: current === undefined ? null : authorityCertificate(app.at.home),
    processes: own.map((info) =>
      processStatus(
        info,
        current,
        restarts.get(`${info.group}.${info.name}`) ?? restarts.get(`${info.group}:${info.group}.${info.name}`) ?? 0,
      ),
    ),
    services: await services(app, current, infos),
  };
}

const supervisorLog = (app: App): Promise<string> =>
  readFile(`${stateFiles(app.at).logs}/supervisor.log`, 'utf8').catch(() => '');

function processStatus(info: ProcessInfo, current: LocalRelease | undefined, restarts: number): ProcessStatus {
  const release = /^(?:release|beat)-(.+)$/.exec(info.group)?.[1] ?? null;
  const base = info.name.replace(/-\d+$/, '');
  const process = current?.processes.find(({ name }) => name === info.name || name === base);
  const jobs =
    current !== undefined && info.group.startsWith('beat-') && info.name === cronName(current) ? current.cron : undefined;
  return {
    name: info.name,
    kind: info.name === 'web' ? 'web' : jobs !== undefined ? 'cron' : (process?.kind ?? 'daemon'),
    command:
      info.name === 'web'
        ? `${current?.web.server ?? 'web'} ${current?.web.application ?? ''}`.trim()
        : (jobs?.map(({ name, at }) => `${name} (${at})`).join(' · ') ?? process?.argv.join(' ') ?? ''),
    pid: info.pid,
    state: info.state,
    since: info.since === null ? null : new Date(info.since * 1000).toISOString(),
    release,
    restarts,
  };
}

async function services(app: App, current: LocalRelease | undefined, infos: readonly ProcessInfo[]): Promise<ServiceStatus[]> {
  const ports = await readPorts(app);
  const wanted: Pick<Service, 'name' | 'kind'>[] = current === undefined ? [] : [...current.services];
  const state = (group: string): ServiceStatus['state'] => {
    const own = infos.filter((info) => info.group === group);
    if (own.length === 0) return 'stopped';
    return own.every((info) => info.state === 'running' || info.state === 'starting') ? 'running' : 'failed';
  };
  const address: Readonly<Record<string, string>> = {
    postgresql: sockets(app.at).postgresql,
    mysql: sockets(app.at).mysql,
    redis: ports === undefined ? '' : `127.0.0.1:${ports.redis}`,
  };
  const listed = wanted.map(
    ({ name, kind }): ServiceStatus => ({ name, kind, version: null, state: state(kind), address: address[kind] ?? '' }),
  );
  const edge: ServiceStatus[] =
    ports === undefined || current === undefined
      ? []
      : [{ name: 'edge', kind: 'nginx', version: null, state: state('edge'), address: `127.0.0.1:${ports.https}` }];
  return [...listed, ...edge];
}
