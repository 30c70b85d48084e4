import { apply } from '../../engine/apply.js';
import type { Context } from '../context.js';
import { bringTools, findPythons, type Pythons } from '../toolbox.js';
import type { BuildTooling } from '../tooling.js';
import type { ServerApp } from './app.js';

/** What the server offers to build with; the lock of the deployment keeps others out. */
export function serverTooling(app: ServerApp, context: Context): BuildTooling {
  let pythons: Promise<Pythons> | undefined;
  const find = (): Promise<Pythons> => {
    pythons ??= findPythons(app.host);
    return pythons;
  };
  return {
    pythons: find,
    bring: async (...wanted) => apply(await bringTools(app, wanted, find), () => app.host, context.report, context.signal),
  };
}
