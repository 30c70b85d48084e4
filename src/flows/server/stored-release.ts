import { Failure } from '../../core/failure.js';
import type { Context } from '../context.js';
import type { LocalRelease } from '../release-record.js';
import { copyRelease } from './copy-release.js';
import { type Fleet, kindOf } from './fleet.js';
import type { Lives } from './lives.js';
import { type Part, partOf } from './part.js';
import { serverRelease } from './release.js';
import { bringOwnPython } from './site.js';

/** Whether a release is the one that a person names: by its version, or the end of it. */
export const isCalled = ({ version }: LocalRelease, name: string): boolean => version === name || version.endsWith(`-${name}`);

/**
 * A release that the first host has, as each host has it. One that has not (it is new to the environment) takes it from the first.
 * @throws Failure NO_RELEASE (usage) where a host has it not and runs another system
 */
export async function partsOf(fleet: Fleet, context: Context, lives: Lives, release: LocalRelease): Promise<Part[]> {
  const { first, apps } = fleet;
  const parts: Part[] = [];
  for (const app of apps) {
    // It is started, and what it replaces ended, with what this Slipway brings.
    await bringOwnPython(app, context);
    const { current, previous } = lives.get(app) ?? { previous: [] };
    const own = [...(current === undefined ? [] : [current]), ...previous].find(({ version }) => version === release.version);
    if (own === undefined) {
      if (kindOf(app) !== kindOf(first))
        throw new Failure('NO_RELEASE', 'usage', `${app.place.name} does not have release ${release.version}`, {
          hint: `slipway releases -e ${app.environment}`,
        });
      await copyRelease({ context, from: first, to: app, release });
    }
    const all = [...(current === undefined ? [] : [current]), ...previous];
    parts.push(partOf(app, withNewestCertificate(own ?? release, all), current));
  }
  return parts;
}

/** A certificate of the user's own is not the release's: the one from before may have expired. */
function withNewestCertificate(release: LocalRelease, all: readonly LocalRelease[]): LocalRelease {
  const newest = all.reduce((one, other) => (other.version > one.version ? other : one), release);
  const latest = serverRelease(newest).options;
  if (serverRelease(release).options.tls.kind !== 'own' || latest.tls.kind !== 'own') return release;
  const options = { ...release.options, tls: latest.tls };
  return { ...release, options };
}
