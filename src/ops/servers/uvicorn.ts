import { isAtLeast, type ServerSetup, uvicornRequirements, type WebServerKind, withoutStaleSocket } from './server.js';

/** `--timeout-graceful-shutdown` came with 0.22, the last one for Python 3.7. */
function limitsShutdown({ version, pythonVersion }: ServerSetup): boolean {
  return version === undefined ? isAtLeast(pythonVersion, '3.7') : isAtLeast(version, '0.22');
}

/** With several workers it binds without looking. */
const RUN = withoutStaleSocket('from uvicorn.main import main; main()');

export const uvicorn: WebServerKind = {
  name: 'uvicorn',
  interfaces: ['asgi'],
  manyWorkers: true,
  loadsInWorkers: (workers) => workers > 1,
  stopSignal: 'TERM',
  requirements: (_, python) => uvicornRequirements(python),
  argv: (setup) => [
    ...[setup.python, '-c', RUN, setup.socket, setup.application, '--uds', setup.socket, '--workers', String(setup.workers)],
    ...['--proxy-headers', '--forwarded-allow-ips', '*', '--no-server-header', '--no-access-log', '--no-use-colors'],
    ...['--log-level', 'info', '--timeout-keep-alive', '5', '--interface', 'asgi3'],
    ...(limitsShutdown(setup) ? ['--timeout-graceful-shutdown', String(setup.gracefulSeconds)] : []),
  ],
  files: () => [],
  env: () => ({}),
};
