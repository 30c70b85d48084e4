import { isReleaseReady } from '../../ops/readiness.js';
import { releaseFiles, sockets } from '../../targets/layout.js';
import type { LocalRelease } from '../release-record.js';
import type { ServerApp } from './app.js';
import { hasRole } from './fleet.js';

/** The release has held on this host, and where it serves the web, it answers on its socket. */
export async function isWhole(app: ServerApp, release: LocalRelease): Promise<boolean> {
  const [ready, verified] = await Promise.all([
    hasRole(app, 'web') ? isReady(app, release) : true,
    app.system.exists(releaseFiles(app.at, release.version).verified),
  ]);
  return verified && ready;
}

async function isReady(app: ServerApp, release: LocalRelease): Promise<boolean> {
  const answer = await app.system
    .request({ to: { socket: sockets(app.at).web(release.version) }, path: '/-/health/ready', timeoutSeconds: 5 })
    .catch(() => undefined);
  return isReleaseReady(answer).ready;
}
