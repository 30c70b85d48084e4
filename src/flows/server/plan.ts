import type { Step } from '../../core/plan.js';
import { plan as planSteps } from '../../engine/plan.js';
import { edgeHeldStep, packageStep } from '../../targets/server/base.js';
import { edgePackages } from '../../targets/server/edge.js';
import type { Tls } from '../../targets/server/options.js';
import type { Context } from '../context.js';
import { decideFor } from '../decide.js';
import { type Inputs, readInputs } from '../inputs.js';
import type { LocalRelease } from '../release-record.js';
import type { PlannedStep, PlanResult } from '../results.js';
import type { ServerApp } from './app.js';
import { driftsOf, driftWarning } from './drift.js';
import { builders, type Fleet, hostsOf, onFleet, systemOf } from './fleet.js';
import { lackingPackages } from './lacking-packages.js';
import { type Lives, liveOf, readLives } from './lives.js';
import { placeInputs } from './place-inputs.js';
import { databaseSteps, postgresHost } from './postgresql.js';
import { foreseenTrouble } from './preflight.js';
import { openingsOf, provisionSteps } from './provision.js';
import { redisPackages, redisPlace } from './redis.js';
import { firstSteps, nativeNeeds, nativeSteps, wantsPostgres } from './site.js';
import { foreseenUploads } from './uploads-apart.js';

/** What can be told before the project's settings have run. */
async function foreseen(fleet: Fleet): Promise<Step[]> {
  const { first } = fleet;
  const needs = (wanted: string) => first.project.services.some(({ value }) => value === wanted);
  const makers = new Set(builders(fleet));
  const postgres = wantsPostgres(first) && first.config.database === undefined ? await postgresHost(fleet) : undefined;
  const redis = await redisPlace(fleet, false);
  const edge = edgePackages({ options: { edge: first.config.edge ?? 'nginx', tls: tlsKind(first) } });
  const natives = await Promise.all(
    fleet.apps.map(async (app) => nativeSteps(app, await lackingPackages(app.system, nativeNeeds(app)))),
  );
  return [
    ...fleet.hosts.flatMap((app) => [
      ...firstSteps(app, makers.has(app)),
      ...provisionSteps(app, openingsOf(app, postgres, redis)),
    ]),
    ...natives.flat(),
    ...(postgres === undefined ? [] : databaseSteps(postgres)),
    ...(needs('redis') ? redisPackages(fleet) : []),
    ...hostsOf(fleet, 'web').flatMap(({ place }) => [
      edgeHeldStep(place, first.config.edge ?? 'nginx'),
      packageStep(place, 'edge.packages', edge),
    ]),
  ];
}

/** As far as it decides what is installed. */
const tlsKind = ({ config: { tls } }: ServerApp): Tls =>
  tls === 'external' || tls?.certificate !== undefined ? { kind: 'external', trusted: [] } : { kind: 'acme' };

/**
 * What a deployment would change on the servers, each thing with its difference; touches nothing. What hangs on code that is not there yet is
 * unknown.
 */
export const plan = (context: Context): Promise<PlanResult> =>
  onFleet(context, async (fleet) => {
    const { first } = fleet;
    const decided = await decideFor(first, first.config, { env: {}, envFiles: [] });
    const [inputs, lives] = await Promise.all([readInputs(first, decided, await placeInputs(first)), readLives(fleet)]);
    const live = await liveOf(lives);
    const drift = await driftsOf(fleet, lives);
    const trouble = [...(await foreseenTrouble(fleet, context, inputs.tree)), ...(await foreseenUploads(fleet))];
    const warnings = [...trouble, ...drift.map((one) => driftWarning(one))];
    const planned = await planSteps('server', live?.version ?? '', await foreseen(fleet), systemOf(fleet));
    const isSame = live !== undefined && live.options.inputs === inputs.key;
    return {
      app: first.name,
      environment: first.environment,
      host: first.place.name,
      hosts: fleet.hosts.map(({ place }) => place.name),
      release: lives.get(first)?.current?.version ?? null,
      steps: [
        ...planned.steps.map(({ id, title, stage, host, change }) => ({ id, title, stage, host, change })),
        ...(isSame ? [sameRelease(first, live)] : newRelease(fleet, inputs, lives)),
      ],
      warnings,
    };
  });

const sameRelease = ({ place }: ServerApp, { version }: LocalRelease): PlannedStep => ({
  id: 'release',
  title: `release ${version}`,
  stage: 'build',
  host: place.name,
  change: { kind: 'same' },
});

/** What a new release does; how much of each is not known before its code is there. */
function newRelease(fleet: Fleet, { tree }: Inputs, lives: Lives): PlannedStep[] {
  const { first, apps } = fleet;
  const unknown = ({ place }: ServerApp, stage: PlannedStep['stage'], id: string, title: string): PlannedStep => ({
    id,
    title,
    stage,
    host: place.name,
    change: { kind: 'unknown' },
  });
  const { dependencies, processes } = first.project;
  const names = ['web', ...processes.filter(({ kind }) => kind !== 'web').map(({ name }) => name)];
  return [
    unknown(first, 'build', 'release.source', `a new release of ${tree.files.length} files`),
    unknown(first, 'build', 'release.environment', `environment from ${dependencies.files.join(', ') || 'no list of packages'}`),
    unknown(first, 'build', 'release.static', 'static files'),
    ...apps
      .filter((app) => app !== first)
      .map((app) => unknown(app, 'prepare', 'release.copy', `the release from ${first.place.name}`)),
    unknown(first, 'migrate', 'release.migrations', 'migrations'),
    ...apps.map((app) => unknown(app, 'start', 'release.processes', `its processes: ${names.join(', ')}`)),
    ...hostsOf(fleet, 'web').map((app) =>
      unknown(app, 'start', 'release.edge', `site and certificate for ${first.domains.join(', ')}`),
    ),
    ...apps.map((app) => unknown(app, 'switch', 'release.switch', `from ${lives.get(app)?.current?.version ?? 'nothing'}`)),
  ];
}
