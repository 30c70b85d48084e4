import { Failure } from '../../core/failure.js';
import { isAtLeast, type WebServerKind, withoutStaleSocket } from './server.js';

const RUN = withoutStaleSocket('from granian.cli import entrypoint; entrypoint()');

export const granian: WebServerKind = {
  name: 'granian',
  interfaces: ['wsgi', 'asgi'],
  manyWorkers: true,
  stopSignal: 'TERM',
  requirements: (_, python) => {
    // Unix sockets came with 2.5, which wants Python 3.9.
    if (isAtLeast(python, '3.9')) return ['granian>=2.5.6'];
    throw new Failure(
      'SERVER_UNSUPPORTED',
      'config',
      `Granian can listen on a unix socket from Python 3.9 on, and the project runs on ${python}`,
      {
        hint: 'web: {server: gunicorn}   # in slipway.yml',
      },
    );
  },
  argv: (setup) => [
    ...[setup.python, '-c', RUN, setup.socket, '--interface', setup.interface, '--uds', setup.socket],
    ...['--workers', String(setup.workers), '--backlog', '2048', '--http', '1', '--log-level', 'info', '--no-access-log'],
    ...(setup.interface === 'wsgi' ? ['--blocking-threads', String(setup.threads), '--no-ws'] : []),
    ...['--respawn-failed-workers', '--workers-kill-timeout', String(setup.gracefulSeconds), setup.application],
  ],
  files: () => [],
  env: () => ({}),
};
