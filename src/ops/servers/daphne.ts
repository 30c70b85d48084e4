import { isAtLeast, type ServerSetup, type WebServerKind } from './server.js';

/** `--no-server-name` came with 4.0, the first one that wants Python 3.7. */
function hidesName({ version, pythonVersion }: ServerSetup): boolean {
  return version === undefined ? isAtLeast(pythonVersion, '3.7') : isAtLeast(version, '4.0');
}

/** Django's own, and the oldest: one process, and a SIGTERM cuts what is in flight, so that only the drain saves it. */
export const daphne: WebServerKind = {
  name: 'daphne',
  interfaces: ['asgi'],
  manyWorkers: false,
  loadsInWorkers: () => false,
  stopSignal: 'TERM',
  // 4.2.2 mends CVE-2026-44545 and CVE-2026-44546; older Pythons get the newest there is for them.
  requirements: () => ['daphne>=3.0.2'],
  argv: (setup) => [
    ...[setup.python, '-m', 'daphne', '-u', setup.socket, '--proxy-headers', '-v', '0'],
    ...(hidesName(setup) ? ['--no-server-name'] : []),
    setup.application,
  ],
  files: () => [],
  env: () => ({}),
};
