import { parseUnits, type UnitState, unitsCommand } from '../../ops/systemd-units.js';
import type { ServerApp } from './app.js';

/** A unit of one release. */
export interface ReleaseUnit extends UnitState {
  readonly version: string;
}

/** What systemd knows of the app's releases on this host. */
export async function releaseUnitsOf(app: ServerApp): Promise<ReleaseUnit[]> {
  const [{ stdout }, isOwn] = await Promise.all([app.system.exec(unitsCommand(`${app.name}-*@*.service`)), ownUnits(app)]);
  return parseUnits(stdout).flatMap((unit) => {
    const version = /@(\d{8}-\d{6}-[0-9a-f]+)\.service$/.exec(unit.name)?.[1];
    return version !== undefined && isOwn(unit.name) ? [{ ...unit, version }] : [];
  });
}

/** Whether a unit whose name begins as the app's do is the app's: those of another app on the host (`shop` and `shop-staging`) begin so too. */
export async function ownUnits({ system, name, at }: ServerApp): Promise<(unit: string) => boolean> {
  const apps = await system.list(at.state.slice(0, at.state.lastIndexOf('/')));
  const others = apps.filter((other) => other.startsWith(`${name}-`));
  return (unit) => unit.startsWith(`${name}-`) && !others.some((other) => unit.startsWith(`${other}-`));
}
