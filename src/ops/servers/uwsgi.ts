import { Failure } from '../../core/failure.js';
import { isAtLeast, type WebServerKind } from './server.js';

/**
 * A backlog longer than the kernel's is refused at the start. pyuwsgi reads sys.argv.
 * https://uwsgi-docs.readthedocs.io/en/latest/Options.html#listen
 */
const RUN =
  "import pyuwsgi, sys; sys.argv += ['--listen', str(min(2048, int(open('/proc/sys/net/core/somaxconn').read())))]; pyuwsgi.run()";

export const uwsgi: WebServerKind = {
  name: 'uwsgi',
  interfaces: ['wsgi'],
  manyWorkers: true,
  loadsInWorkers: () => true,
  stopSignal: 'TERM',
  // The same program as uwsgi, as a wheel: the other one wants a compiler.
  requirements: () => ['pyuwsgi>=2.0.20'],
  argv: (setup) => [
    ...[setup.python, '-c', RUN, '--http-socket', literal(setup.socket), '--module', setup.application],
    ...['--master', '--processes', String(setup.workers), '--threads', String(setup.threads), '--enable-threads', '--lazy-apps'],
    // Without die-on-term a SIGTERM is a reload; without need-app a broken project serves 500.
    ...['--die-on-term', '--need-app', '--single-interpreter', '--vacuum', '--strict', '--no-orphans'],
    // Python's own clean-up after a fork is fatal where the fork was not announced to it, from 3.13 on: uWSGI announces none.
    ...(isAtLeast(setup.pythonVersion, '3.13') ? [] : ['--py-call-osafterfork']),
    // A worker with threads now and then does not hear its SIGTERM; the master ends it when mercy is over.
    ...['--buffer-size', '32768', '--harakiri', '60', '--worker-reload-mercy', String(setup.gracefulSeconds)],
    ...['--disable-logging', '--chmod-socket=770', '--log-date=%Y-%m-%dT%H:%M:%S%z'],
  ],
  files: () => [],
  env: () => ({}),
};

/** uWSGI expands `$(NAME)`, `@(file)` and more in any value, and has no way to say that it should not. */
function literal(path: string): string {
  if (/^[\w@+=:,.~/ -]+$/.test(path)) return path;
  throw new Failure('UNSAFE_VALUE', 'environment', `uWSGI cannot be told the path ${JSON.stringify(path)}`, {
    hint: 'SLIPWAY_HOME=/a/plain/path slipway up',
  });
}
