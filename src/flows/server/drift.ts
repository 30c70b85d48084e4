import type { Warning } from '../../core/failure.js';
import { writtenCommand } from '../../targets/server/written.js';
import type { Context } from '../context.js';
import type { Drift } from '../results.js';
import type { ServerApp } from './app.js';
import type { Fleet } from './fleet.js';
import type { Lives } from './lives.js';
import { bringOwnPython } from './site.js';

interface Found {
  readonly drift: readonly Drift[];
  /** Where copies are. */
  readonly kept?: string;
}

/** What was changed by hand on a host since the release went live there. Changes nothing. Of a host without Slipway's Python: nothing. */
const driftOn = async (app: ServerApp, version: string): Promise<readonly Drift[]> => (await ask(app, 'drift', version)).drift;

/** Remembers how everything is that was written for a release. */
const rememberWritten = async (app: ServerApp, version: string): Promise<void> => {
  await app.system.exec(writtenCommand('record', { layout: app.at, key: app.name }, version, app.place));
};

/** The same on every host. */
export const rememberAllWritten = async ({ apps }: Fleet, version: string): Promise<void> => {
  await Promise.all(apps.map((app) => rememberWritten(app, version)));
};

/** The same on every host where the app is live. */
export async function driftsOf({ apps }: Fleet, lives: Lives): Promise<Drift[]> {
  const each = await Promise.all(
    apps.map(async (app) => {
      const version = lives.get(app)?.current?.version;
      return version === undefined ? [] : driftOn(app, version);
    }),
  );
  return each.flat();
}

/** Before it is written anew: what was changed by hand is copied, and told. @param found what `driftsOf` has found */
export async function keepDrifts({ apps }: Fleet, context: Context, lives: Lives, found: readonly Drift[]): Promise<Warning[]> {
  const each = await Promise.all(
    apps.map(async (app) => {
      const version = lives.get(app)?.current?.version;
      if (version === undefined) return [];
      // Without Slipway's Python as it is now, nothing was found.
      const isAsked = await app.system.exists(`${app.place.package}/.complete`);
      if (isAsked && !found.some(({ host }) => host === app.place.name)) return [];
      await bringOwnPython(app, context);
      const { drift, kept } = await ask(app, 'keep', version);
      return drift.map((one) => driftWarning(one, kept));
    }),
  );
  return each.flat();
}

/** @param kept where a copy is, if it is to be written over */
export const driftWarning = ({ host, app, path, how }: Drift, kept?: string): Warning => ({
  code: 'changed-by-hand',
  message: `${path} on ${host} was ${how === 'missing' ? 'removed' : how} by hand${
    kept === undefined ? '' : `; the new release does not have that${how === 'missing' ? '' : `, a copy is in ${kept}`}`
  }`,
  hint: path.startsWith(`/srv/${app}/`)
    ? 'make the change in the project, and deploy it'
    : `what shall stay goes into files of your own: /etc/systemd/system/${app}-web@.service.d/NAME.conf is read for every release`,
});

async function ask(app: ServerApp, verb: 'drift' | 'keep', version: string): Promise<Found> {
  const { code, stdout } = await app.system.exec(writtenCommand(verb, { layout: app.at, key: app.name }, version, app.place));
  return code === 0 ? read(stdout, { host: app.place.name, app: app.name }) : { drift: [] };
}

function read(text: string, where: Pick<Drift, 'host' | 'app'>): Found {
  const json: unknown = JSON.parse(text);
  if (typeof json !== 'object' || json === null || !('drift' in json) || !Array.isArray(json.drift)) return { drift: [] };
  const drift = json.drift.flatMap((one: unknown): Drift[] =>
    typeof one === 'object' && one !== null && 'path' in one && 'how' in one && isHow(one.how)
      ? [{ ...where, path: String(one.path), how: one.how }]
      : [],
  );
  return { drift, ...('kept' in json && typeof json.kept === 'string' ? { kept: json.kept } : {}) };
}

const isHow = (how: unknown): how is Drift['how'] => how === 'changed' || how === 'missing' || how === 'added';
