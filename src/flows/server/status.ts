import { parseUnits, type UnitState, unitsCommand } from '../../ops/systemd-units.js';
import type { Context } from '../context.js';
import type { LocalRelease } from '../release-record.js';
import type { CertificateStatus, ProcessStatus, ServiceStatus, StatusResult } from '../results.js';
import type { ServerApp } from './app.js';
import { certificateStatus } from './certificate-life.js';
import { resultOf } from './deploy.js';
import { driftsOf } from './drift.js';
import { type Fleet, hostsOf, onFleet } from './fleet.js';
import { readLives } from './lives.js';
import { processOf } from './logs.js';
import { redisHost } from './redis.js';
import { serverRelease } from './release.js';
import { releaseUnitsOf } from './units.js';

/** What of the system an app leans on: by the kinds of its services, and its edge. */
const SERVICE_UNITS: Readonly<Record<string, string>> = {
  postgresql: 'postgresql@*.service',
  mysql: 'mariadb.service',
  redis: 'redis-server*.service',
  nginx: 'nginx.service',
  apache: 'apache2.service',
};

/** What runs of the app on its servers, and in what state; also where some of them do not answer. Of an app that is not up, release and address are null. */
export const status = (context: Context): Promise<StatusResult> => onFleet(context, statusOf, { some: true });

const statusOf = async (fleet: Fleet): Promise<StatusResult> => {
  const { first: app, apps, hosts } = fleet;
  const [lives, each] = await Promise.all([
    readLives(fleet),
    Promise.all(apps.map(async (host) => ({ host, units: await releaseUnitsOf(host) }))),
  ]);
  const current = lives.get(app)?.current;
  const isUp = current !== undefined && each.some(({ units }) => units.some(({ active }) => active !== 'inactive'));
  const live = isUp ? resultOf(fleet, current) : undefined;
  const several = hosts.length + fleet.away.length > 1;
  return {
    app: current?.app ?? app.name,
    environment: app.environment,
    state: isUp ? 'up' : current === undefined ? 'never up' : 'down',
    release: live?.release ?? null,
    last: current?.version ?? null,
    url: live?.url ?? null,
    ca: null,
    processes: each.flatMap(({ host, units }) =>
      units.map((unit) => ({
        ...processStatus(host, unit, lives.get(host)?.current),
        ...(several ? { host: host.place.name } : {}),
      })),
    ),
    services: current === undefined ? [] : await services(fleet, current),
    certificates: current === undefined ? [] : await certificates(fleet, current),
    drift: await driftsOf(fleet, lives),
    ...(several
      ? {
          hosts: [
            ...apps.map((host) => ({ host: host.place.name, release: lives.get(host)?.current?.version ?? null })),
            ...fleet.away.map(({ host, failure }) => ({ host, release: null, problem: failure.message })),
          ],
        }
      : {}),
  };
};

const certificates = async (fleet: Fleet, current: LocalRelease): Promise<CertificateStatus[]> =>
  (await Promise.all(hostsOf(fleet, 'web').map((app) => certificateStatus(app, serverRelease(current))))).flat();

async function unitsOf(app: ServerApp, ...patterns: readonly string[]): Promise<UnitState[]> {
  return parseUnits((await app.system.exec(unitsCommand(...patterns))).stdout);
}

const STATES: Readonly<Record<string, ProcessStatus['state']>> = {
  active: 'running',
  reloading: 'running',
  activating: 'starting',
  deactivating: 'stopping',
  failed: 'failed',
};

function processStatus(app: ServerApp, unit: UnitState, current: LocalRelease | undefined): ProcessStatus {
  const name = processOf(app.name, unit.name);
  const process = current?.processes.find((one) => one.name === name || one.name === name.replace(/-\d+$/, ''));
  return {
    name,
    kind: name === 'web' ? 'web' : (process?.kind ?? 'daemon'),
    command:
      name === 'web'
        ? `${current?.web.server ?? 'web'} ${current?.web.application ?? ''}`.trim()
        : (process?.argv.join(' ') ?? ''),
    pid: unit.pid,
    state: unit.sub === 'auto-restart' ? 'backoff' : (STATES[unit.active] ?? 'stopped'),
    since: unit.since === null ? null : new Date(unit.since * 1000).toISOString(),
    release: /@(.+)\.service$/.exec(unit.name)?.[1] ?? null,
    restarts: unit.restarts,
  };
}

async function services(fleet: Fleet, current: LocalRelease): Promise<ServiceStatus[]> {
  const hostOf = (kind: string): ServerApp => (kind === 'redis' ? redisHost(fleet) : (fleet.database ?? fleet.first));
  const wanted = [
    ...current.services.map(({ kind, name }) => ({ kind: String(kind), name, app: hostOf(kind) })),
    ...hostsOf(fleet, 'web').map((app) => ({ kind: serverRelease(current).options.edge, name: 'edge', app })),
  ];
  const gone = fleet.away.find(({ roles }) => roles.includes('database'));
  return Promise.all(
    wanted.map(async ({ kind, name, app }): Promise<ServiceStatus> => {
      if (gone !== undefined && name !== 'edge') return { name, kind, version: null, state: 'failed', address: gone.host };
      const units = await unitsOf(app, SERVICE_UNITS[kind] ?? kind);
      const state = units.some(({ active }) => active === 'active')
        ? 'running'
        : units.some(({ active }) => active === 'failed')
          ? 'failed'
          : 'stopped';
      return { name, kind, version: null, state, address: app.system.name };
    }),
  );
}
