import type { Release } from '../../../src/core/release.js';
import type { EdgeFacts } from '../../../src/targets/server/edge.js';
import type { WebLaunch } from '../../../src/targets/server/go-live.js';
import { serverKey, serverLayout, serverUser } from '../../../src/targets/server/layout.js';
import type { ServerHost, ServerOptions, ServerRelease } from '../../../src/targets/server/options.js';

export const HOST: ServerHost = {
  name: 'deploy@203.0.113.10',
  roles: ['web', 'worker', 'beat', 'database'],
  python: '/usr/bin/python3',
  package: '/opt/slipway/package/0123abcd',
  systemd: 257,
};

export const FACTS: EdgeFacts = {
  nginx: {
    version: [1, 26, 3],
    openssl: [3, 5, 1],
    configure: ['--with-http_ssl_module', '--with-http_v2_module', '--with-pcre-jit'],
  },
  ours: true,
  ipv6: true,
};

export const WEB: WebLaunch = {
  argv: ['/opt/slipway/environments/k/bin/python', '-c', 'run()', '-c', '/srv/shop/x.py'],
  env: { GUNICORN_CMD_ARGS: '' },
  files: [{ path: '/srv/shop/releases/V/servers/gunicorn.conf.py', content: 'workers = 3\n' }],
  readySeconds: 90,
  stopSignal: 'TERM',
  stopSeconds: 35,
};

const KEY = serverKey('shop', 'production');

const OPTIONS: ServerOptions = {
  layout: serverLayout(KEY),
  key: KEY,
  user: serverUser(KEY),
  inputs: 'i',
  staticKey: 's',
  venv: '/opt/slipway/environments/k',
  created: '2026-11-21T00:00:00Z',
  timeZone: 'Europe/Copenhagen',
  adminPath: '/admin/',
  webSockets: true,
  sampleStatic: '/static/a.css',
  keptFolders: [],
  keep: 5,
  edge: 'nginx',
  tls: { kind: 'acme', email: 'ops@shop.example' },
  network: 'internet',
  freedoms: ['proc'],
  secrets: 'encrypted',
  hstsSeconds: 63_072_000,
};

/** A release with one of everything. */
export const serverRelease = (
  version: string,
  more: Partial<Release<ServerOptions>> = {},
  options: Partial<ServerOptions> = {},
): ServerRelease => ({
  app: 'shop',
  version,
  environment: 'production',
  domains: ['shop.example', 'www.shop.example'],
  source: { root: '/p', fingerprint: 'f' },
  python: { key: 'k', interpreter: '/usr/bin/python3.13', version: '3.13.5', additions: [] },
  directory: 'site',
  settingsModule: 'shop.settings',
  pins: [
    { name: 'SECRET_KEY', op: 'hold', value: { secret: 'django.secret_key' }, reason: 'kept' },
    { name: 'CACHES', op: 'merge', value: { default: { LOCATION: { secret: 'redis.url' } } }, reason: 'here' },
  ],
  web: {
    server: 'gunicorn',
    interface: 'wsgi',
    application: 'shop.wsgi:application',
    workers: 3,
    threads: 4,
    middleware: [],
    maxBody: 10_000_000,
  },
  processes: [
    { name: 'worker', kind: 'worker', argv: ['celery', '-A', 'shop', 'worker'], scale: 2, stopSeconds: 300, from: 'x' },
    { name: 'beat', kind: 'beat', argv: ['celery', '-A', 'shop', 'beat'], scale: 1, stopSeconds: 10, from: 'x' },
  ],
  cron: [{ name: 'clean', argv: ['python', 'manage.py', 'clearsessions'], at: '04:15', stopSeconds: 60 }],
  services: [],
  env: { DATABASE_URL: { secret: 'postgresql.url' }, PLAIN: '100% $HOME' },
  files: { url: '/static/', media: '/media/' },
  options: { ...OPTIONS, ...options },
  ...more,
});
