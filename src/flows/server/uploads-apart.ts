import type { Resolution } from '../../config/resolve/release.js';
import { Failure, type Warning } from '../../core/failure.js';
import { fileSystemOf, isOnNetwork } from '../../ops/findmnt.js';
import { stateFiles } from '../../targets/server/layout.js';
import type { Context } from '../context.js';
import type { ServerApp } from './app.js';
import { type Fleet, hostsOf } from './fleet.js';
import { asWarning } from './obstacles.js';

/**
 * What is uploaded on one web host is not on the others, unless they share a folder: somebody has to say that this is meant, before the app first
 * runs so.
 * @throws Failure UPLOADS_APART (config)
 */
export async function uploadsApart(fleet: Fleet, resolution: Resolution, { confirm }: Context): Promise<Warning[]> {
  const apart = keepsUploads(fleet, resolution) ? await lookApart(fleet) : undefined;
  if (apart?.refusal !== undefined && !(await confirm(`${apart.refusal.message}. Is that meant?`))) throw apart.refusal;
  return apart === undefined ? [] : [apart.warning];
}

/** The same for a plan, as far as reading the settings tells: what would be asked, and refused where nobody answers, is a warning. */
export async function foreseenUploads(fleet: Fleet): Promise<Warning[]> {
  const apart = fleet.first.project.uploads === undefined ? undefined : await lookApart(fleet);
  return apart === undefined ? [] : [apart.refusal === undefined ? apart.warning : asWarning(apart.refusal)];
}

interface Apart {
  readonly warning: Warning;
  /** Absent where the app runs so already. */
  readonly refusal?: Failure;
}

/** Web hosts with uploads of their own; undefined where they share them, or there is one such. */
async function lookApart(fleet: Fleet): Promise<Apart | undefined> {
  const webs = hostsOf(fleet, 'web');
  if (webs.length < 2) return undefined;
  const apart = await among(webs, hasOwnFolder);
  // One of them may be the one that shares it.
  if (apart.length < 2) return undefined;
  const message = `Uploads would lie in a folder of each of ${apart.length} web hosts: what one has got, the others do not have`;
  const shared = `mount one folder for all of them at ${folderOf(fleet.first)} (NFS), or keep uploads in object storage: STORAGES with django-storages`;
  const warning = { code: 'uploads-on-each-host', message: message.replace('would lie', 'lie'), hint: shared };
  if ((await among(webs, isLive)).length >= 2) return { warning };
  const yes = `slipway deploy -e ${fleet.first.environment} --yes`;
  const hint = `${shared}; or keep one web host; where nobody uploads anything: ${yes}`;
  return { warning, refusal: new Failure('UPLOADS_APART', 'config', message, { hint }) };
}

/** The project keeps them in a folder, rather than elsewhere or not at all. */
const keepsUploads = ({ first }: Fleet, { release, kept }: Resolution): boolean =>
  release.pins.some(({ name }) => name === 'MEDIA_ROOT') &&
  (kept.some(({ reason }) => reason === 'MEDIA_ROOT') || first.project.variables.some(({ meaning }) => meaning === 'media-root'));

const folderOf = ({ at }: ServerApp): string => stateFiles(at).media;

const hasOwnFolder = async (app: ServerApp): Promise<boolean> =>
  !isOnNetwork((await app.system.exec(fileSystemOf(folderOf(app)))).stdout);

const isLive = async ({ system, at }: ServerApp): Promise<boolean> => (await system.readLink(stateFiles(at).live)) !== undefined;

async function among(apps: readonly ServerApp[], holds: (app: ServerApp) => Promise<boolean>): Promise<ServerApp[]> {
  const answers = await Promise.all(apps.map(holds));
  return apps.filter((_, index) => answers[index]);
}
