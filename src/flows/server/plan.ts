import type { Step } from '../../core/plan.js';
import { plan as planSteps } from '../../engine/plan.js';
import type { Context } from '../context.js';
import { decideFor } from '../decide.js';
import { readInputs } from '../inputs.js';
import { readLive } from '../release-record.js';
import type { PlannedStep, PlanResult } from '../results.js';
import { onSystem, type ServerApp } from './app.js';
import { onFleet } from './fleet.js';
import { foreseenTrouble } from './preflight.js';
import { isWhole } from './running.js';
import { databaseSteps, firstSteps, wantsPostgres } from './site.js';

/** What can be told before the project's settings have run. */
const foreseen = (app: ServerApp): Step[] => [...firstSteps(app), ...(wantsPostgres(app) ? databaseSteps(app) : [])];

/**
 * What a deployment would change on the server, each thing with its difference; touches nothing. What hangs on code that is not there yet is
 * unknown.
 */
export const plan = (context: Context): Promise<PlanResult> =>
  onFleet(context, async (fleet) => {
    const { first: app } = fleet;
    const decided = await decideFor(app, app.config, { env: {}, envFiles: [] });
    const [inputs, { current }] = await Promise.all([readInputs(app, decided, app.config), readLive(onSystem(app))]);
    const warnings = await foreseenTrouble(fleet, context, inputs.tree);
    const planned = await planSteps('server', current?.version ?? '', foreseen(app), () => app.system);
    const same = current !== undefined && current.options.inputs === inputs.key && (await isWhole(app, current));
    const release: PlannedStep = {
      id: 'release',
      title: same
        ? `release ${current.version}`
        : `a new release of ${inputs.tree.files.length} files: environment, static files, migrations, switch`,
      stage: 'build',
      change: { kind: same ? 'same' : 'unknown' },
    };
    return {
      app: app.name,
      environment: app.environment,
      host: app.system.name,
      release: current?.version ?? null,
      steps: [...planned.steps.map(({ id, title, stage, change }) => ({ id, title, stage, change })), release],
      warnings,
    };
  });
