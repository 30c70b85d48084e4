import { isAtLeast, type WebServerKind } from './server.js';

/**
 * Apache with mod_wsgi in daemon mode: an Apache of each release's own, since a reload of a shared one loses requests. It comes from PyPI,
 * built for the Python of the environment; Debian's package fits Debian's own Python alone.
 * https://modwsgi.readthedocs.io/en/master/project-status.html
 */
export const modWsgi: WebServerKind = {
  name: 'mod_wsgi',
  interfaces: ['wsgi'],
  manyWorkers: true,
  loadsInWorkers: () => true,
  stopSignal: 'TERM',
  requirements: (_, python) => [isAtLeast(python, '3.8') ? 'mod_wsgi>=5' : 'mod_wsgi>=4.9'],
  // Apache cannot listen on a unix socket: the runtime brings it to one.
  argv: (setup) => [setup.python, '-I', '-m', 'slipway_runtime.apache', setup.socket, `${setup.folder}/httpd.conf`],
  files: () => [],
  env: () => ({}),
};
