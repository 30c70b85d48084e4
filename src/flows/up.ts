import { Failure } from '../core/failure.js';
import { type App, openApp } from './app.js';
import { withAppLock } from './app-lock.js';
import type { Outcome } from './bring-up.js';
import type { Context } from './context.js';
import { decide } from './decide.js';
import { readInputs } from './inputs.js';
import { liveResult } from './live-result.js';
import { readPorts } from './ports.js';
import { readLive } from './release-record.js';
import type { UpResult } from './results.js';
import { readRunning } from './running.js';
import { withWorkFolder } from './temp-folder.js';
import type { UpOptions } from './up-options.js';
import { forgetWanted, keepWanted } from './wanted.js';

export type { UpOptions };

/**
 * The whole way on this machine, from the source tree to HTTPS. Again: a new release beside the old one, or a word that nothing changed.
 * @throws Failure; what was live before stays live
 */
export async function up(context: Context, options: UpOptions): Promise<UpResult> {
  const began = performance.now();
  const app = await openApp(context);
  const { release, changed, warnings } = await withAppLock(app, context, 'up', () => upLocked(context, app, options)).catch(
    async (error: unknown) => {
      await keepWanted(app, Failure.from(error));
      throw error;
    },
  );
  await forgetWanted(app);
  return { ...liveResult(app, release), changed, seconds: Math.round(performance.now() - began) / 1000, warnings };
}

async function upLocked(context: Context, app: App, options: UpOptions): Promise<Outcome> {
  const live = await readLive(app);
  const { current } = live;
  // A first release asks for them for certain: they are found while the project is looked at.
  const pythons = current === undefined ? import('./toolbox.js').then(({ findPythons }) => findPythons(app.host)) : undefined;
  pythons?.catch(() => {});
  const decided = await decide(app, options);
  const [inputs, kept] = await Promise.all([readInputs(app, decided), readPorts(app)]);
  const samePorts = (options.port ?? kept?.https) === kept?.https && (options.httpPort ?? kept?.http) === kept?.http;
  const same = current !== undefined && samePorts && current.options.inputs === inputs.key;
  const running = await readRunning(app, current);
  if (same && running.whole && running.left.length === 0) {
    if (options.superuser !== undefined)
      await (await import('./superuser.js')).makeSuperuser(app, current, options.superuser, context);
    return { release: current, changed: false, warnings: [] };
  }
  // Loaded here: most of Slipway, which is not needed to see that nothing changed.
  const { bringUp } = await import('./bring-up.js');
  return withWorkFolder(app, (working) =>
    bringUp({ context, app: working, options, decided, inputs, live, running, same, pythons }),
  );
}
