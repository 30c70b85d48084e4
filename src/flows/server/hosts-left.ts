import { Failure, type Warning } from '../../core/failure.js';
import type { Context } from '../context.js';
import { readJson } from '../toolbox.js';
import type { ServerApp } from './app.js';
import type { Fleet } from './fleet.js';

/** What each host of the app remembers of the others, since the last deployment that went well. */
const fileOf = ({ at }: ServerApp): string => `${at.state}/hosts.json`;

/** A host that was one of the app's. */
export interface Remembered {
  readonly host: string;
  readonly roles: readonly string[];
}

/** Remembers which hosts the app is on. */
export async function rememberHosts({ apps }: Fleet): Promise<void> {
  const text = JSON.stringify(apps.map(({ place }): Remembered => ({ host: place.name, roles: place.roles })));
  await Promise.all(apps.map((app) => app.system.write(fileOf(app), text)));
}

/** The hosts that any of the app's remembers. */
export const rememberedHosts = async ({ apps }: Fleet): Promise<Remembered[]> =>
  (await Promise.all(apps.map((app) => readJson(app.system, fileOf(app))))).flatMap(readHosts);

/** Ends what an app runs there, now and at every start of the machine. */
const endCommand = (host: string, pattern: string): string =>
  `ssh ${host} "systemctl list-units --plain --no-legend '${pattern}' | cut -d' ' -f1 | xargs sudo systemctl disable --now"`;

/**
 * Hosts that slipway.yml no longer names: what runs there, runs on. A scheduler would run every job beside the new one, so that somebody has to
 * say that it is off.
 * @throws Failure BEAT_LEFT (conflict)
 */
export async function hostsLeft(
  { apps, first }: Fleet,
  remembered: readonly Remembered[],
  { confirm }: Context,
): Promise<Warning[]> {
  const left = [...new Map(remembered.map((one) => [one.host, one])).values()].filter(
    ({ host }) => !apps.some(({ place }) => place.name === host),
  );
  const beat = left.find(({ roles }) => roles.includes('beat'));
  if (
    beat !== undefined &&
    !(await confirm(`${beat.host} ran the scheduler of ${first.name} and is not in slipway.yml any more. Is it off?`))
  )
    throw new Failure(
      'BEAT_LEFT',
      'conflict',
      `${beat.host} ran the scheduler of ${first.name}, is not in slipway.yml any more, and may run it still`,
      {
        hint: `${endCommand(beat.host, `${first.name}-once@*.target`)}   # then deploy with --yes`,
      },
    );
  return left.map(({ host }) => ({
    code: 'host-left',
    message: `${host} was one of the hosts of ${first.environment}; what runs there, runs on`,
    hint: endCommand(host, `${first.name}@*.target`),
  }));
}

function readHosts(json: unknown): Remembered[] {
  if (!Array.isArray(json)) return [];
  return json.flatMap((one: unknown) =>
    typeof one === 'object' && one !== null && 'host' in one && 'roles' in one && Array.isArray(one.roles)
      ? [{ host: String(one.host), roles: one.roles.map(String) }]
      : [],
  );
}
