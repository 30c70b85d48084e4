import { Failure } from '../../core/failure.js';
import { isAtLeast, type WebServerKind } from './server.js';

/**
 * uWSGI as the module that pyuwsgi is, which reads sys.argv, else as the program of a project's own. A backlog longer than the kernel's is refused
 * at the start, where uWSGI can see what the kernel's is; else the kernel makes it as long as it can.
 * https://uwsgi-docs.readthedocs.io/en/latest/Options.html#listen
 */
const RUN = `import os, sys
most = '/proc/sys/net/core/somaxconn'
sys.argv += ['--listen', str(min(2048, int(open(most).read())) if os.path.exists(most) else 2048)]
try:
    import pyuwsgi
except ImportError:
    os.execv(sys.prefix + '/bin/uwsgi', ['uwsgi', '--home', sys.prefix] + sys.argv[1:])
pyuwsgi.run()`;

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
