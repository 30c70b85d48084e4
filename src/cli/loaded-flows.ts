import type { Context } from '../flows/context.js';
import type { Flows } from './flows.js';

const isServer = async (context: Context): Promise<boolean> =>
  context.environment !== 'local' && (await (await import('../flows/target-of.js')).targetOf(context)) === 'server';

/** The real flows. Each is loaded at its first use, since a command needs one of them and its help none. */
export const loadedFlows: Flows = {
  up: async (...args) => (await import('../flows/up.js')).up(...args),
  deploy: async (context, options) => {
    // A login takes as long as the rest takes to load.
    const reaching = await (await import('../flows/server/reach.js')).reachToDeploy(context);
    return (await import('../flows/server/deploy.js')).deploy(context, options, reaching);
  },
  plan: async (...args) => (await import('../flows/server/plan.js')).plan(...args),
  down: async (...args) => (await import('../flows/down.js')).down(...args),
  status: async (context) =>
    (await ((await isServer(context)) ? import('../flows/server/status.js') : import('../flows/status.js'))).status(context),
  releases: async (context) =>
    (await ((await isServer(context)) ? import('../flows/server/releases.js') : import('../flows/releases.js'))).releases(
      context,
    ),
  rollback: async (context, release) => {
    if (!(await isServer(context))) return (await import('../flows/rollback.js')).rollback(context, release);
    return { ...(await (await import('../flows/server/rollback.js')).rollback(context, release)), ca: null };
  },
  verify: async (context) =>
    (await ((await isServer(context)) ? import('../flows/server/verify.js') : import('../flows/verify.js'))).verify(context),
  exec: async (context, argv, host) =>
    (await isServer(context))
      ? (await import('../flows/server/exec.js')).exec(context, argv, host)
      : (await import('../flows/exec.js')).exec(context, argv),
  run: async (...args) => (await import('../flows/server/run.js')).run(...args),
  remove: async (...args) => (await import('../flows/server/remove.js')).remove(...args),
  history: async (...args) => (await import('../flows/server/journal.js')).history(...args),
  trust: async (...args) => (await import('../flows/trust.js')).trust(...args),
  logs: async (context, ...args) =>
    (await ((await isServer(context)) ? import('../flows/server/logs.js') : import('../flows/logs.js'))).logs(context, ...args),
  check: async (...args) => (await import('../flows/check.js')).check(...args),
  doctor: async (...args) => (await import('../flows/doctor.js')).doctor(...args),
  init: async (...args) => (await import('../flows/init.js')).init(...args),
  secretsSet: async (context, ...args) => (await secretFlows(context)).secretsSet(context, ...args),
  secretsList: async (context) => (await secretFlows(context)).secretsList(context),
  secretsUnset: async (context, ...args) => (await secretFlows(context)).secretsUnset(context, ...args),
};

const secretFlows = async (context: Context): Promise<Pick<Flows, 'secretsSet' | 'secretsList' | 'secretsUnset'>> =>
  (await isServer(context)) ? import('../flows/server/secrets.js') : import('../flows/secrets.js');
