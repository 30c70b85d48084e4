import { areStanding } from '../../engine/standing.js';
import type { Drift } from '../results.js';
import type { ServerApp } from './app.js';
import { driftsOf } from './drift.js';
import { builders, type Fleet } from './fleet.js';
import { lackingPackages } from './lacking-packages.js';
import type { Lives } from './lives.js';
import { type Foresight, foresee } from './preflight.js';
import { firstSteps, nativeNeeds } from './site.js';
import { type ReleaseUnit, releaseUnitsOf } from './units.js';

/** What a deployment asks its hosts whatever it finds out: all at once, as soon as nobody else may change the answers. Nothing is changed. */
export interface Early {
  readonly foresight: Foresight;
  /** What was changed by hand. */
  readonly drift: Promise<readonly Drift[]>;
  /** Units of the app's releases. */
  units(app: ServerApp): Promise<readonly ReleaseUnit[]>;
  /** Whether what comes before everything else on a host is there, all of it. */
  stands(app: ServerApp): Promise<boolean>;
  /** Whether it lacks something that the project cannot do without. */
  lacks(app: ServerApp): Promise<boolean>;
}

export function askEarly(fleet: Fleet, lives: Lives, signal: AbortSignal): Early {
  const makers = builders(fleet);
  const units = new Map(fleet.apps.map((app) => [app, told(releaseUnitsOf(app))]));
  const stands = new Map(
    fleet.hosts.map((app) => [app, told(areStanding(firstSteps(app, makers.includes(app)), app.system, signal))]),
  );
  const lacking = new Map(fleet.apps.map((app) => [app, told(lackingPackages(app.system, nativeNeeds(app)))]));
  return {
    foresight: foresee(fleet),
    drift: told(driftsOf(fleet, lives)),
    units: (app) => units.get(app) ?? releaseUnitsOf(app),
    stands: async (app) => (await stands.get(app)) ?? false,
    lacks: async (app) => (await lacking.get(app))?.length !== 0,
  };
}

/** Whoever asks for it is told of its failure, and nobody else. */
function told<T>(answer: Promise<T>): Promise<T> {
  answer.catch(() => {});
  return answer;
}
