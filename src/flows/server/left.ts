import { apply } from '../../engine/apply.js';
import { parseUnits, unitsCommand } from '../../ops/systemd-units.js';
import { endSteps } from '../../targets/server/go-live.js';
import type { Context } from '../context.js';
import type { ServerApp } from './app.js';

/** Ends releases that neither are live nor finish their work: a deployment that was cut off has left them. */
export async function endLeft(app: ServerApp, context: Context, live: string | undefined): Promise<void> {
  const { stdout } = await app.system.exec(unitsCommand(`${app.name}-*@*.service`));
  const units = parseUnits(stdout).filter(({ active }) => active !== 'inactive');
  const versionOf = (unit: string): string | undefined => /@(\d{8}-\d{6}-[0-9a-f]+)\.service$/.exec(unit)?.[1];
  const draining = new Set(units.filter(({ name }) => name.startsWith(`${app.name}-drain@`)).map(({ name }) => versionOf(name)));
  const left = new Set(units.map(({ name }) => versionOf(name)).filter((version) => version !== live && !draining.has(version)));
  for (const version of left) {
    if (version === undefined) continue;
    context.report({ type: 'note', message: `ending release ${version}, which an interrupted run has left` });
    await apply(
      endSteps({ layout: app.at, key: app.name }, version, app.place),
      () => app.system,
      () => {},
      context.signal,
    );
  }
}
