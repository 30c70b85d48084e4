import { z } from 'zod';
import { matching, moduleAttribute } from './text.js';
import { bytes } from './values.js';

export const WEB_SERVERS = ['gunicorn', 'uvicorn', 'uwsgi', 'daphne', 'hypercorn', 'granian', 'mod_wsgi'] as const;

const cache = z.strictObject({
  seconds: z
    .number()
    .positive()
    .max(86_400)
    .meta({ description: 'How long an answer is kept.', examples: [1] }),
  paths: z.exactOptional(
    z
      .array(matching(/^\/[^\s\0]*$/, 'must begin with a slash and hold no space'))
      .min(1)
      .meta({ description: 'Beginnings of the paths it is for. Default: every path.', examples: [['/']] }),
  ),
});

const protection = z.strictObject({
  groups: z.exactOptional(
    z
      .array(matching(/^[^\0\n\r$%]{1,150}$/, 'must be the name of a group, without $ and %'))
      .min(1)
      .meta({ description: 'Groups of Django’s, of which one is enough. Default: every active user.', examples: [['editors']] }),
  ),
  realm: z.exactOptional(
    matching(/^[^\0\n\r$%"]{1,100}$/, 'must be a short text without quotes, $ and %').meta({
      description: 'What the browser says the password is for.',
      examples: ['Shop members'],
    }),
  ),
});

export const web = z.strictObject({
  server: z.exactOptional(
    z
      .enum(WEB_SERVERS)
      .meta({ description: 'The application server. Default: Gunicorn for WSGI, Uvicorn for ASGI.', examples: ['gunicorn'] }),
  ),
  interface: z.exactOptional(
    z.enum(['wsgi', 'asgi']).meta({
      description:
        'Which of the project’s two applications is served. Default: WSGI, unless websockets or async views need ASGI.',
      examples: ['asgi'],
    }),
  ),
  application: z.exactOptional(
    moduleAttribute.meta({
      description: 'The project’s own application, where it is not the one that Django’s settings name.',
      examples: ['shop.wsgi:application'],
    }),
  ),
  workers: z.exactOptional(
    z
      .int()
      .min(1)
      .max(512)
      .meta({ description: 'Worker processes. Default: by the machine’s cores and memory.', examples: [3] }),
  ),
  threads: z.exactOptional(
    z
      .int()
      .min(1)
      .max(512)
      .meta({ description: 'Threads of each worker, where the server has them.', examples: [4] }),
  ),
  middleware: z.exactOptional(
    z.array(moduleAttribute).meta({
      description: 'WSGI or ASGI middleware around the project’s application, the outermost first: `package.module:factory`.',
      examples: [['shop.wsgi_mw:wrap']],
    }),
  ),
  cache: z.exactOptional(
    cache.meta({
      description:
        'Micro-cache for GETs without a session. An answer with a cookie, or one that varies by cookie, is never kept.',
      examples: [{ seconds: 1, paths: ['/'] }],
    }),
  ),
  protect: z.exactOptional(
    z.record(matching(/^\/(?:[\w.~-]+\/)+$/, 'must be a path that begins and ends with a slash: /private/'), protection).meta({
      description:
        'Paths, uploads among them, that ask for name and password of a user of the project (HTTP Basic, by `web.server: mod_wsgi`).',
      examples: [{ '/media/contracts/': { groups: ['editors'], realm: 'Contracts' } }],
    }),
  ),
  max_body: z.exactOptional(
    bytes.meta({ description: 'The largest request that is taken, uploads included.', examples: ['25MB'] }),
  ),
});
