import { needsPython, type WebServerKind, withoutStaleSocket } from './server.js';

const RUN = withoutStaleSocket('from granian.cli import entrypoint; entrypoint()');

export const granian: WebServerKind = {
  name: 'granian',
  interfaces: ['wsgi', 'asgi'],
  manyWorkers: true,
  loadsInWorkers: () => true,
  stopSignal: 'TERM',
  requirements: (_, python) => {
    // Unix sockets came with 2.5, which wants it.
    needsPython('Granian', '3.9', python);
    return ['granian>=2.5.6'];
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
