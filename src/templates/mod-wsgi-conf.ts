import { block, flat, type Lines } from './apache-lines.js';
import { pattern, quoteApache } from './apache-quote.js';
import { MEDIA_POLICY } from './nginx-media.js';
import { MEDIA_TYPES } from './nginx-types.js';

/** A path that only users of the project's own may see, who log in by HTTP Basic. */
export interface ProtectedPath {
  /** Begins with a slash: `/private/`. */
  readonly path: string;
  readonly realm: string;
  /** Names of Django's groups, of which one is enough; none: every active user. */
  readonly groups: readonly string[];
  /** Folder that its files are served from; absent: it is the app's. */
  readonly folder?: string;
}

export interface ModWsgiConf {
  readonly workers: number;
  readonly threads: number;
  readonly maxBody: number;
  readonly gracefulSeconds: number;
  /** The folder of this file, with `app.wsgi` and `auth.wsgi` beside it. */
  readonly folder: string;
  readonly protect: readonly ProtectedPath[];
  /** File that defines SLIPWAY_EDGE, the SHA-1 of what the edge alone sends in the header X-Slipway-Edge. */
  readonly edge: string;
}

const MODULES = '/usr/lib/apache2/modules';

const load = (...names: string[]): Lines => names.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`);

/** Set by `slipway_runtime/apache.py`, which starts Apache: what is known only then. */
const variable = (name: string): string => `$\{SLIPWAY_HTTPD_${name}}`;
const GIVEN = {
  directory: `"${variable('DIRECTORY')}"`,
  temp: variable('TEMP'),
  port: variable('PORT'),
  module: `"${variable('MODULE')}"`,
  python: `"${variable('PYTHON')}"`,
} as const;

/** Files of a protected folder: shown where that is harmless, else a download. The edge adds its headers. */
const files = (folder: string): Lines =>
  block(
    `<Directory ${quoteApache(folder)}>`,
    'Options None',
    'AllowOverride None',
    'ForceType application/octet-stream',
    Object.entries(MEDIA_TYPES).map(([type, names]) =>
      block(`<FilesMatch ${pattern(String.raw`(?i)\.(?:${names.replaceAll(' ', '|')})$`)}>`, `ForceType ${type}`),
    ),
    `Header always set Content-Security-Policy ${MEDIA_POLICY}`,
    'Header always set Cache-Control "private, no-store"',
  );

/**
 * Every user of the host reaches a port of loopback. Comes after all other sections, so that it overrules them. What is compared is a hash: the
 * time that it takes tells nothing of the word. Health is what the runtime answers itself, and says nothing of the client.
 */
const onlyTheEdge = (file: string): Lines => [
  `Include ${quoteApache(file)}`,
  block(
    `<If "sha1(req_novary('X-Slipway-Edge')) != '$\{SLIPWAY_EDGE}' && ! (%{REQUEST_URI} -in {'/-/health/live', '/-/health/ready'})">`,
    'Require all denied',
  ),
];

/** https://docs.djangoproject.com/en/stable/howto/deployment/wsgi/apache-auth/ */
function location({ path, realm, groups, folder }: ProtectedPath, script: string): Lines {
  const wanted = groups.length === 0 ? 'Require valid-user' : `Require wsgi-group ${groups.map(quoteApache).join(' ')}`;
  return [
    folder !== undefined && [`Alias ${quoteApache(path)} ${quoteApache(folder)}`, files(folder)],
    block(
      `<Location ${quoteApache(path)}>`,
      'AuthType Basic',
      `AuthName ${quoteApache(realm)}`,
      'AuthBasicProvider wsgi',
      `WSGIAuthUserScript ${script} application-group=%{GLOBAL}`,
      groups.length > 0 && `WSGIAuthGroupScript ${script} application-group=%{GLOBAL}`,
      wanted,
      folder !== undefined && 'SetHandler default-handler',
    ),
  ];
}

/**
 * An Apache of a release's own, with mod_wsgi in daemon mode, that listens on loopback: what stands before it brings the release's socket to
 * it. Its processes are the app's user's.
 * @throws Failure EDGE_VALUE for a path, realm or group that Apache cannot be told
 */
export function modWsgiConf({ workers, threads, maxBody, gracefulSeconds, folder, protect, edge }: ModWsgiConf): string {
  const guarded = protect.length > 0;
  // One child that takes connections: each has a worker's thread to hand it to, and some are on their way.
  const connections = Math.max(16, 2 * workers * threads + 8);
  const lines: Lines = [
    '# Written by Slipway; changes are overwritten.',
    `ServerRoot "${GIVEN.temp}"`,
    `DefaultRuntimeDir "${GIVEN.temp}"`,
    `PidFile "${GIVEN.temp}/httpd.pid"`,
    'ServerName localhost',
    load('mpm_event', 'authz_core'),
    guarded && load('authn_core', 'auth_basic', 'authz_user', 'alias', 'mime', 'headers'),
    guarded && 'TypesConfig /dev/null',
    `LoadModule wsgi_module ${GIVEN.module}`,
    `Listen 127.0.0.1:${GIVEN.port}`,
    'ListenBacklog 2048',
    // Standard output is the journal, which is no file that could be opened.
    'ErrorLog "|/bin/cat"',
    'ErrorLogFormat "%M"',
    'LogLevel warn',
    'ServerTokens Prod',
    'TraceEnable Off',
    'Timeout 65',
    'KeepAlive Off',
    `GracefulShutdownTimeout ${gracefulSeconds}`,
    [`ThreadLimit ${connections}`, 'ServerLimit 1', 'StartServers 1', `ThreadsPerChild ${connections}`],
    [`MaxRequestWorkers ${connections}`, `MinSpareThreads ${connections}`, `MaxSpareThreads ${connections}`],
    [`LimitRequestBody ${maxBody}`, 'LimitRequestLine 16380', 'LimitRequestFieldSize 16380'],
    ['AllowEncodedSlashes On', 'MergeSlashes Off'],
    '',
    // Only what asks Django for a password runs in Apache's own processes.
    guarded ? `WSGIPythonHome ${GIVEN.python}` : 'WSGIRestrictEmbedded On',
    `WSGISocketPrefix "${GIVEN.temp}/wsgi"`,
    [
      `WSGIDaemonProcess app processes=${workers} threads=${threads} python-home=${GIVEN.python} home=${GIVEN.directory} python-path=${GIVEN.directory}`,
      'lang=C.UTF-8 locale=C.UTF-8 listen-backlog=2048 request-timeout=120 queue-timeout=60 socket-timeout=65',
      `graceful-timeout=${gracefulSeconds} shutdown-timeout=${gracefulSeconds} startup-timeout=0`,
    ].join(' '),
    'WSGIPassAuthorization On',
    block(`<Directory ${quoteApache(folder)}>`, 'Require all granted'),
    protect.map((one) => location(one, quoteApache(`${folder}/auth.wsgi`))),
    `WSGIScriptAlias / ${quoteApache(`${folder}/app.wsgi`)} process-group=app application-group=%{GLOBAL}`,
    onlyTheEdge(edge),
  ];
  return `${flat(lines).join('\n')}\n`;
}
