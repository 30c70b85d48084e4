import { Failure } from '../../core/failure.js';
import type { Step } from '../../core/plan.js';
import { areStanding } from '../../engine/standing.js';
import { FIREWALL_PACKAGE, type Hardening, hardeningParts, hardeningSteps, letInAgain } from '../../targets/server/hardening.js';
import type { Opening } from '../../templates/nftables.js';
import type { ServerApp } from './app.js';
import { POSTGRES_PORT } from './facts.js';
import type { PostgresHost } from './postgresql.js';
import type { RedisHost } from './redis.js';

/** Of the hosts of the database and of Redis: their ports, for the other hosts of the app alone. */
export const openingsOf = (app: ServerApp, postgres: PostgresHost | undefined, redis: RedisHost | undefined): Opening[] => [
  ...(postgres?.app !== app || postgres.network === undefined ? [] : [{ port: POSTGRES_PORT, from: postgres.network.clients }]),
  ...(redis?.app !== app || redis.network === undefined ? [] : [{ port: redis.port, from: redis.network.clients }]),
];

/** What the machine itself is to be like, less what slipway.yml declines. @param openings ports for other hosts of the environment */
export const provisionSteps = (app: ServerApp, openings: readonly Opening[] = []): Step[] =>
  hardeningSteps(wishOf(app, openings), app.place);

function wishOf({ name, config, connection, facts }: ServerApp, openings: readonly Opening[]): Hardening {
  const { provision: wish = {} } = config;
  const { version, ports } = facts.seen.ssh;
  // Of a sshd that nothing is known about, nothing is changed, and no port is closed.
  const isKnown = ports.length > 0;
  return {
    firewall: isKnown && wish.firewall !== false,
    updates: wish.updates !== false,
    ssh: isKnown && version[0] > 0 && wish.ssh_hardening !== false,
    time: wish.time !== false,
    swap: wish.swap !== false,
    logs: wish.logs !== false,
    sshPorts: ports,
    key: name,
    openings,
    sshVersion: version,
    offered: connection.account.exchanges,
    // Slipway asks ssh never to use a password: whoever is in came by a key, or by what is as good.
    keyLogin: true,
    memory: facts.memory,
  };
}

/** Packages of it. */
export const provisionPackages = ({ config: { provision: wish = {} }, facts }: ServerApp): string[] => [
  ...(wish.updates === false ? [] : ['unattended-upgrades']),
  ...(wish.time === false || facts.seen.keepsTime ? [] : ['systemd-timesyncd']),
  ...(wish.firewall === false || facts.seen.ssh.ports.length === 0 ? [] : [FIREWALL_PACKAGE]),
];

/**
 * Sets the machine up where it is not as it should be: each part as soon as what it takes is there. A login anew must succeed after what could
 * lock somebody out, else that is taken back.
 * @param installed its packages are there: those named, or all of them
 * @throws Failure LOCKED_OUT, SSHD_REFUSES, FIREWALL_REFUSED, PACKAGES_FAILED (environment)
 */
export async function provision(
  app: ServerApp,
  doing: (steps: readonly Step[]) => Promise<void>,
  openings: readonly Opening[],
  installed: (names?: readonly string[]) => Promise<void>,
): Promise<void> {
  const { bare, firewall, packaged } = hardeningParts(wishOf(app, openings), app.place);
  await lettingIn(app, doing, bare);
  if (firewall.length > 0) await installed([FIREWALL_PACKAGE]);
  await lettingIn(app, doing, firewall);
  await installed();
  if (!(await areStanding(packaged, app.system))) await doing(packaged);
}

/** A machine that is at work on packages takes its time. */
const LOGIN_SECONDS = 5;

/** What of it is as it should be is looked at in one go. */
async function lettingIn(
  app: ServerApp,
  doing: (steps: readonly Step[]) => Promise<void>,
  steps: readonly Step[],
): Promise<void> {
  if (await areStanding(steps, app.system)) return;
  await doing(steps);
  const refused = await app.connection.logInAnew(LOGIN_SECONDS);
  if (refused === undefined) return;
  await app.system.exec(letInAgain());
  throw new Failure(
    'LOCKED_OUT',
    'environment',
    `After hardening, ${app.connection.name} did not let us in again: SSH and the firewall are as before`,
    {
      detail: refused.trimEnd(),
      hint: 'provision: {ssh_hardening: false, firewall: false}   # in slipway.yml',
    },
  );
}
