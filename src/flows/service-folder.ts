import { createHash } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { reachableBy } from '../ops/service-programs.js';
import { stateFiles } from '../targets/local/layout.js';
import type { App } from './app.js';
import { OPEN_FOLDER } from './reachable-tool.js';

/**
 * A folder for a server's data that the user it runs as can reach: in the app's kept data, or below /var/lib/slipway where the way there is
 * closed to others. docs/decisions/0007-started-as-root.md
 */
export async function serviceFolder(app: App, name: string, user: string | undefined): Promise<string> {
  const { data } = stateFiles(app.at);
  await mkdir(data, { recursive: true });
  if (user === undefined) return `${data}/${name}`;
  // Ours to open: others may pass through, and read nothing.
  for (let folder = data; folder.startsWith(app.at.home); folder = dirname(folder)) await chmod(folder, 0o711);
  for (let folder = app.at.run; folder.startsWith(app.at.home); folder = dirname(folder)) await chmod(folder, 0o711);
  const { code } = await app.host.exec(reachableBy(user, data));
  if (code === 0) return `${data}/${name}`;
  const own = createHash('sha256').update(app.at.state).digest('hex').slice(0, 12);
  const outside = `${OPEN_FOLDER}/${own}`;
  await mkdir(outside, { recursive: true, mode: 0o711 });
  await chmod(OPEN_FOLDER, 0o711);
  return `${outside}/${name}`;
}
