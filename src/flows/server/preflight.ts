import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { Failure, type Warning } from '../../core/failure.js';
import { packagesInstalled } from '../../ops/apt.js';
import type { Fingerprint } from '../../project/fingerprint.js';
import type { Context } from '../context.js';
import type { ServerApp } from './app.js';
import { PORTS_LOOKED_AT } from './facts.js';
import { type Fleet, hasRole } from './fleet.js';
import { asWarning, type Evidence, type Judged, judge } from './obstacles.js';
import { certificateTrouble } from './own-certificate.js';
import { foreseenPackages, wantsPostgres } from './site.js';

/** What has to be asked whatever the release will be. */
export interface Foresight {
  readonly names: Promise<Evidence['names']>;
  readonly hosts: ReadonlyMap<ServerApp, Promise<Pick<Evidence, 'installs' | 'reachedAt'>>>;
}

/** Asks it of every host at once, and of the names of the site. Nothing is changed. */
export function foresee(fleet: Fleet): Foresight {
  const { config, domains } = fleet.first;
  const asked = fleet.hosts.map((app) => [app, askHost(fleet, app)] as const);
  // Whoever asks for it is told.
  for (const [, answer] of asked) answer.catch(() => {});
  return { names: config.tls === 'external' ? Promise.resolve([]) : leading(domains), hosts: new Map(asked) };
}

async function askHost(fleet: Fleet, app: ServerApp): Promise<Pick<Evidence, 'installs' | 'reachedAt'>> {
  const [lacking, reachedAt] = await Promise.all([
    app.system.exec(packagesInstalled(foreseenPackages(app, hasPostgres(fleet, app)))),
    addressesOf(app.connection.account.hostName),
  ]);
  return { installs: lacking.code !== 0, reachedAt };
}

const hasPostgres = (fleet: Fleet, app: ServerApp): boolean =>
  fleet.database === app && app.config.database === undefined && wantsPostgres(app);

/** How long another installation is waited for. */
const LOCK_SECONDS = 120;

/**
 * Looks whether a deployment can succeed, before anything on any host is touched. Another installation that is under way there is waited
 * for, a word about it is said.
 * @throws Failure of the first obstacle, the others in its detail: CERTIFICATE_EXPIRED, CERTIFICATE_UNUSABLE (config), CLOCK_WRONG, DISK_FULL, DISK_READ_ONLY, DPKG_UNFINISHED (environment),
 * APT_LOCKED, PORT_TAKEN (conflict)
 */
export async function preflight(fleet: Fleet, context: Context, tree: Fingerprint, foresight: Foresight): Promise<Warning[]> {
  const { obstacles, warnings } = await look(fleet, context, tree, foresight, LOCK_SECONDS);
  const [first, ...others] = obstacles;
  if (first === undefined) return [...warnings];
  const rest = others.map(({ message, hint }) => `${message}${hint === undefined ? '' : `\n  ${hint}`}`);
  throw new Failure(first.code, first.kind, first.message, {
    ...(first.hint === undefined ? {} : { hint: first.hint }),
    ...(rest.length === 0 ? {} : { detail: `and besides:\n${rest.join('\n')}` }),
  });
}

/** The same for a plan, which waits for nobody: what a deployment would fail on is a warning. */
export async function foreseenTrouble(fleet: Fleet, context: Context, tree: Fingerprint): Promise<Warning[]> {
  const { obstacles, warnings } = await look(fleet, context, tree, foresee(fleet), 0);
  return [...obstacles.map(asWarning), ...warnings];
}

async function look(
  fleet: Fleet,
  context: Context,
  tree: Fingerprint,
  foresight: Foresight,
  lockSeconds: number,
): Promise<Judged> {
  const all = await Promise.all(
    fleet.hosts.map(async (app) =>
      judge(await unlocked(app, context, await evidenceOf(fleet, app, tree, foresight), lockSeconds)),
    ),
  );
  const judged = [await certificateTrouble(fleet.first), ...all];
  return { obstacles: judged.flatMap(({ obstacles }) => obstacles), warnings: judged.flatMap(({ warnings }) => warnings) };
}

async function evidenceOf(fleet: Fleet, app: ServerApp, tree: Fingerprint, { names, hosts }: Foresight): Promise<Evidence> {
  const isWeb = hasRole(app, 'web');
  return {
    host: app.connection.name,
    seen: app.facts.seen,
    ...(isWeb ? { edge: app.config.edge ?? 'nginx' } : {}),
    ...(await (hosts.get(app) ?? askHost(fleet, app))),
    postgres: hasPostgres(fleet, app),
    treeBytes: tree.files.reduce((total, { size }) => total + size, 0),
    names: isWeb ? await names : [],
  };
}

/** The evidence once nobody else installs packages, or when that was waited for in vain. */
async function unlocked(app: ServerApp, context: Context, evidence: Evidence, seconds: number): Promise<Evidence> {
  const [lock] = evidence.installs ? (evidence.seen.packages?.locks ?? []) : [];
  if (lock === undefined || seconds === 0) return evidence;
  context.report({
    type: 'note',
    message: `${lock.program || 'a program'} (pid ${lock.pid}) is installing packages on ${app.connection.name}; waiting for it, ${seconds} s at most`,
  });
  const until = Date.now() + seconds * 1000;
  let { seen } = evidence;
  while ((seen.packages?.locks.length ?? 0) > 0 && Date.now() < until) {
    await setTimeout(2000, undefined, { signal: context.signal });
    seen = await app.connection.facts(PORTS_LOOKED_AT);
  }
  return { ...evidence, seen };
}

const DNS_SECONDS = 3;

/** Where names lead, as this machine knows. One that leads nowhere, or of which nobody can tell in time, has no addresses. */
const leading = (domains: readonly string[]): Promise<Evidence['names']> =>
  Promise.all(domains.map(async (domain) => ({ domain, addresses: await addressesOf(domain) })));

async function addressesOf(name: string): Promise<string[]> {
  if (isIP(name) !== 0) return [name];
  const late = new AbortController();
  const nothing = setTimeout(DNS_SECONDS * 1000, [], { signal: late.signal }).catch(() => []);
  const found = lookup(name, { all: true }).catch(() => []);
  const addresses = (await Promise.race([found, nothing])).map(({ address }) => address);
  late.abort();
  return [...new Set(addresses)];
}
