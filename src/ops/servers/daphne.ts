import type { WebServerKind } from './server.js';

/** Django's own, and the oldest: one process, and a SIGTERM cuts what is in flight, so that only the drain saves it. */
export const daphne: WebServerKind = {
  name: 'daphne',
  interfaces: ['asgi'],
  manyWorkers: false,
  stopSignal: 'TERM',
  // 4.2.2 mends CVE-2026-44545 and CVE-2026-44546; older Pythons get the newest there is for them.
  requirements: () => ['daphne>=3.0.2'],
  argv: ({ python, socket, application }) => [
    ...[python, '-m', 'daphne', '-u', socket, '--proxy-headers', '-v', '0', '--no-server-name', application],
  ],
  files: () => [],
  env: () => ({}),
};
