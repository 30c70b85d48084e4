import { needsPython, pythonString, type ServerSetup, type WebServerKind } from './server.js';

const confFile = ({ folder }: ServerSetup): string => `${folder}/hypercorn.conf.py`;

export const hypercorn: WebServerKind = {
  name: 'hypercorn',
  interfaces: ['wsgi', 'asgi'],
  manyWorkers: true,
  loadsInWorkers: () => true,
  stopSignal: 'TERM',
  requirements: (wanted, python) => {
    needsPython('Hypercorn', '3.7', python);
    return [wanted === 'wsgi' ? 'hypercorn>=0.14' : 'hypercorn>=0.11'];
  },
  argv: (setup) => [
    ...[setup.python, '-m', 'hypercorn', '-c', `file:${confFile(setup)}`, `${setup.interface}:${setup.application}`],
  ],
  // https://hypercorn.readthedocs.io/en/latest/how_to_guides/configuring.html
  files: (setup) => [
    {
      path: confFile(setup),
      content: `bind = [${pythonString(`unix:${setup.socket}`)}]
backlog = 2048
workers = ${setup.workers}
graceful_timeout = ${setup.gracefulSeconds}
keep_alive_timeout = 5
umask = 0o007
wsgi_max_body_size = ${setup.maxBody}
include_server_header = False
accesslog = None
errorlog = "-"
loglevel = "INFO"
`,
    },
  ],
  env: () => ({}),
};
