import { sockets } from '../targets/local/layout.js';
import type { WebLaunch } from '../targets/local/go-live.js';
import type { LocalRelease } from './release-record.js';

export function webLaunch(release: LocalRelease): WebLaunch {
  const socket = sockets(release.options.layout).web(release.version);
  return {
    argv: ['gunicorn', '-b', `unix:${socket}`, '-w', String(release.web.workers), '--threads', '4', '-k', 'gthread', '--no-control-socket', 'slipway_runtime.wsgi:application'],
    env: {},
    files: [],
    stopSignal: 'TERM',
    stopSeconds: 30,
  };
}
