import { apply } from '../../engine/apply.js';
import { endSteps } from '../../targets/server/go-live.js';
import type { Context } from '../context.js';
import type { ServerApp } from './app.js';
import { releaseUnitsOf } from './units.js';

/** Ends releases that neither are live nor finish their work: a deployment that was cut off has left them. */
export async function endLeft(app: ServerApp, context: Context, live: string | undefined): Promise<void> {
  const units = (await releaseUnitsOf(app)).filter(({ active }) => active !== 'inactive');
  const draining = new Set(units.filter(({ name }) => name.startsWith(`${app.name}-drain@`)).map(({ version }) => version));
  const left = new Set(units.map(({ version }) => version).filter((version) => version !== live && !draining.has(version)));
  for (const version of left) {
    context.report({
      type: 'note',
      message: `ending release ${version} on ${app.place.name}, which an interrupted run has left`,
    });
    await apply(
      endSteps({ layout: app.at, key: app.name }, version, app.place),
      () => app.system,
      () => {},
      context.signal,
    );
  }
}
