import { gunicornConf } from './gunicorn-conf.js';
import { isAtLeast, type ServerSetup, uvicornRequirements, type WebServerKind } from './server.js';

const confFile = ({ folder }: ServerSetup): string => `${folder}/gunicorn.conf.py`;

/** `python -m gunicorn` came with 20.1; projects pin older ones. */
const RUN = 'from gunicorn.app.wsgiapp import run; run()';

/** Gunicorn's own ASGI worker hangs at the end with an open websocket, so that uvicorn's is taken; its own package came with Python 3.7. */
export function workerClass({ interface: wanted, threads, pythonVersion }: ServerSetup): string {
  if (wanted === 'wsgi') return threads > 1 ? 'gthread' : 'sync';
  return isAtLeast(pythonVersion, '3.7') ? 'uvicorn_worker.UvicornWorker' : 'uvicorn.workers.UvicornWorker';
}

export const gunicorn: WebServerKind = {
  name: 'gunicorn',
  interfaces: ['wsgi', 'asgi'],
  manyWorkers: true,
  loadsInWorkers: () => true,
  stopSignal: 'TERM',
  requirements: (wanted, python) => [
    'gunicorn>=20.1',
    ...(wanted === 'wsgi' ? [] : uvicornRequirements(python)),
    ...(wanted === 'wsgi' || !isAtLeast(python, '3.7') ? [] : ['uvicorn-worker>=0.1']),
  ],
  argv: (setup) => [setup.python, '-c', RUN, '-c', confFile(setup), setup.application],
  files: (setup) => [
    {
      path: confFile(setup),
      content: gunicornConf({
        socket: setup.socket,
        workerClass: workerClass(setup),
        workers: setup.workers,
        threads: setup.interface === 'wsgi' ? setup.threads : 1,
        gracefulSeconds: setup.gracefulSeconds,
      }),
    },
  ],
  // Flags in it would win over the file: https://docs.gunicorn.org/en/stable/configure.html
  env: () => ({ GUNICORN_CMD_ARGS: '' }),
};
