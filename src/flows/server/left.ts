import { apply } from '../../engine/apply.js';
import { endSteps } from '../../targets/server/go-live.js';
import type { Context } from '../context.js';
import type { ServerApp } from './app.js';
import { bringOwnPython } from './site.js';
import type { ReleaseUnit } from './units.js';

/**
 * Ends releases that neither are live nor finish their work: a deployment that was cut off has left them.
 * @param known the units of the app's releases
 */
export async function endLeft(
  app: ServerApp,
  context: Context,
  live: string | undefined,
  known: readonly ReleaseUnit[],
): Promise<void> {
  const units = known.filter(({ active }) => active !== 'inactive');
  const draining = new Set(units.filter(({ name }) => name.startsWith(`${app.name}-drain@`)).map(({ version }) => version));
  const left = new Set(units.map(({ version }) => version).filter((version) => version !== live && !draining.has(version)));
  // An older Slipway may have left it, and the host not have the tools of this one.
  if (left.size > 0) await bringOwnPython(app, context);
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
