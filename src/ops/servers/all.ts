import type { WebServer } from '../../core/release.js';
import { daphne } from './daphne.js';
import { granian } from './granian.js';
import { gunicorn } from './gunicorn.js';
import { hypercorn } from './hypercorn.js';
import { modWsgi } from './mod-wsgi.js';
import type { WebServerKind } from './server.js';
import { uvicorn } from './uvicorn.js';
import { uwsgi } from './uwsgi.js';

/** Every server that `web.server` can name. */
export const WEB_SERVERS: Readonly<Record<WebServer, WebServerKind>> = {
  gunicorn,
  uvicorn,
  uwsgi,
  daphne,
  hypercorn,
  granian,
  mod_wsgi: modWsgi,
};
