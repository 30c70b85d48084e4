import type { CertificateStatus, ProcessStatus, ServiceStatus, StatusResult } from '../../flows/results.js';
import { cleanLine } from '../../reporters/line-width.js';
import type { Paint } from '../../reporters/paint.js';
import { ago } from './ago.js';
import { table } from './table.js';

/** The app, its address, its processes and services. */
export function statusLines(status: StatusResult, paint: Paint, now: Date): string[] {
  const { app, environment, release, last, url } = status;
  const title = `  ${paint.strong(app)}   ${environment}`;
  if (release === null) {
    const state = last === null ? paint.faint('not up') : `release ${last}   ${paint.doubtful('down')}`;
    return [`${title}   ${state}`, ...serviceTable(status.services, paint)];
  }
  const alone = status.processes.length === 0 ? `   ${paint.bad('its supervisor is gone: slipway up')}` : '';
  return [
    `${title}   release ${release}${alone}`,
    ...(url === null ? [] : [`  ${url}`]),
    ...differing(status, paint),
    ...processTable(status.processes, release, paint, now),
    ...serviceTable(status.services, paint),
    ...certificateLines(status, paint),
    ...driftLines(status, paint),
  ];
}

/** What is left, and how it is to be taken. */
const certificateLines = ({ certificates = [], environment }: StatusResult, paint: Paint): string[] =>
  certificates.length === 0
    ? []
    : ['', ...certificates.map((one) => `  certificate   ${lifeText(one, environment, paint)}   ${paint.faint(one.host)}`)];

function lifeText({ kind, until, days }: CertificateStatus, environment: string, paint: Paint): string {
  const end = until.slice(0, 10);
  if (days < 0) return paint.bad(`expired on ${end}`);
  if (kind === 'temporary') return paint.doubtful(`temporary, which browsers warn of: slipway deploy -e ${environment}`);
  const left = `${days === 1 ? '1 day' : `${days} days`} left, until ${end}`;
  return days < FEW_DAYS ? paint.doubtful(left) : left;
}

const FEW_DAYS = 14;

const driftLines = ({ drift = [] }: StatusResult, paint: Paint): string[] =>
  drift.length === 0
    ? []
    : ['', ...drift.map(({ host, path, how }) => `  ${paint.doubtful(how)} by hand   ${path}   ${paint.faint(host)}`)];

/** Hosts on which another release is live than the one that the app is said to be at. */
const differing = ({ hosts = [], release }: StatusResult, paint: Paint): string[] =>
  hosts
    .filter((each) => each.release !== release)
    .map(({ host, release: own, problem }) => {
      const has = own === null ? 'has no release' : `has release ${own}`;
      return `  ${paint.bad(problem === undefined ? `${host} ${has}` : `${host}: ${cleanLine(problem)}`)}`;
    });

function processTable(processes: readonly ProcessStatus[], current: string, paint: Paint, now: Date): string[] {
  if (processes.length === 0) return [];
  const rows = processes.map((process) => [
    process.host ?? '',
    process.name,
    stateText(process.state, paint),
    process.since === null ? '' : ago(process.since, now),
    process.pid === null ? '' : `pid ${process.pid}`,
    restartsText(process.restarts, paint),
    process.release === null || process.release === current ? '' : paint.faint(`of ${process.release}`),
    paint.faint(cleanLine(process.command)),
  ]);
  return ['', ...table(withoutEmptyColumns(rows))];
}

function serviceTable(services: readonly ServiceStatus[], paint: Paint): string[] {
  if (services.length === 0) return [];
  const rows = services.map(({ name, kind, version, state, address }) => [
    name,
    stateText(state, paint),
    version === null ? kind : `${kind} ${version}`,
    paint.faint(address),
  ]);
  return ['', ...table(rows)];
}

function stateText(state: ProcessStatus['state'], paint: Paint): string {
  if (state === 'running') return paint.good(state);
  return state === 'failed' || state === 'backoff' ? paint.bad(state) : paint.doubtful(state);
}

const restartsText = (restarts: number, paint: Paint): string =>
  restarts === 0 ? '' : paint.doubtful(restarts === 1 ? '1 restart' : `${restarts} restarts`);

const withoutEmptyColumns = (rows: readonly (readonly string[])[]): string[][] =>
  rows.map((row) => row.filter((_, i) => rows.some((other) => other[i] !== '')));
