import type { Request } from '../../core/command.js';
import type { Release } from '../../core/release.js';
import { sockets } from './layout.js';
import type { LocalOptions } from './options.js';

/** The question whether a release is ready for traffic, on its own socket. */
export const readyRequest = (release: Release<LocalOptions>): Request => ({
  to: { socket: sockets(release.options.layout).web(release.version) },
  path: '/-/health/ready',
  timeoutSeconds: 5,
});
