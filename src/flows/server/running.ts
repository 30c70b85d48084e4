import { isReleaseReady } from '../../ops/readiness.js';
import { releaseFiles, sockets } from '../../targets/layout.js';
import type { LocalRelease } from '../release-record.js';
import type { ServerApp } from './app.js';

/** The release answers on its socket, and has held behind the edge. */
export async function isWhole(app: ServerApp, release: LocalRelease): Promise<boolean> {
  const [ready, verified] = await Promise.all([
    app.system
      .request({ to: { socket: sockets(app.at).web(release.version) }, path: '/-/health/ready', timeoutSeconds: 5 })
      .catch(() => undefined),
    app.system.exists(releaseFiles(app.at, release.version).verified),
  ]);
  return verified && isReleaseReady(ready).ready;
}
