import { Failure } from '../../core/failure.js';
import type { Protection, Web, WebServer } from '../../core/release.js';
import type { Machine, WithFacts } from './input.js';
import { atLeast } from './version.js';

/** A worker of a Django project, in bytes: what the usual one has after its first requests. */
const WORKER_MEMORY = 160 * 1024 * 1024;
const MOST_WORKERS = 12;
const THREADS = 4;
const BODY = 100 * 1024 * 1024;

const SPEAKS: Readonly<Record<WebServer, readonly Web['interface'][]>> = {
  gunicorn: ['wsgi', 'asgi'],
  uwsgi: ['wsgi'],
  uvicorn: ['asgi'],
  daphne: ['asgi'],
  hypercorn: ['asgi', 'wsgi'],
  granian: ['wsgi', 'asgi'],
  mod_wsgi: ['wsgi'],
};
const THREADED: readonly WebServer[] = ['gunicorn', 'uwsgi', 'granian', 'mod_wsgi'];

/** Which interface the app is served by: the user's choice, the server's only one, else what the project needs. */
export function chooseInterface({ choices, project }: Pick<WithFacts, 'choices' | 'project'>): Web['interface'] {
  const web = choices.web;
  if (web?.interface !== undefined) return web.interface;
  const spoken = web?.server === undefined ? undefined : SPEAKS[web.server];
  if (spoken !== undefined && !spoken.includes(project.interface.value)) return spoken[0] ?? project.interface.value;
  return project.interface.value;
}

/** How many workers this machine takes. Measured on two cores: no more of them than cores serve more requests. */
export function workersFor({ cores, memory }: Machine): number {
  const room = Math.floor((memory * 0.7) / WORKER_MEMORY);
  return Math.max(1, Math.min(Math.max(2, cores), MOST_WORKERS, room));
}

/**
 * The web server, as the user wants it and the project needs it.
 * @throws Failure WEB_SERVER_INTERFACE (config) when they contradict each other, NO_APPLICATION (project) when there is nothing to serve
 */
export function chooseWeb(input: WithFacts, onlyOneProcess: boolean): Web {
  const web = input.choices.web ?? {};
  const wanted = chooseInterface(input);
  const server = web.server ?? (wanted === 'asgi' ? 'uvicorn' : 'gunicorn');
  if (!SPEAKS[server].includes(wanted)) throw contradiction(server, wanted);
  const alone = onlyOneProcess || server === 'daphne';
  return {
    server,
    interface: wanted,
    application: web.application ?? applicationOf(input, wanted),
    workers: alone ? 1 : (web.workers ?? concurrency(input) ?? workersFor(input.place.machine)),
    threads: THREADED.includes(server) && wanted === 'wsgi' ? (web.threads ?? THREADS) : 1,
    middleware: web.middleware ?? [],
    ...(web.cache === undefined ? {} : { cache: web.cache }),
    maxBody: web.maxBody ?? BODY,
    ...(web.protect === undefined ? {} : { protect: protections(server, web.protect) }),
  };
}

/** @throws Failure WEB_PROTECT (config) where nothing could ask for a password */
function protections(server: WebServer, protect: NonNullable<NonNullable<WithFacts['choices']['web']>['protect']>): Protection[] {
  if (server !== 'mod_wsgi')
    throw new Failure('WEB_PROTECT', 'config', `web.protect needs web.server: mod_wsgi, and the server is ${server}`, {
      hint: 'web: {server: mod_wsgi} in slipway.yml',
    });
  return Object.entries(protect).map(([path, { realm, groups }]) => ({ path, realm: realm ?? 'Members', groups: groups ?? [] }));
}

/** `WEB_CONCURRENCY` from the user counts like `web.workers`. */
function concurrency({ choices }: WithFacts): number | undefined {
  const given = choices.env?.['WEB_CONCURRENCY'];
  return typeof given === 'string' && /^[1-9]\d*$/.test(given) ? Number(given) : undefined;
}

function applicationOf({ project, facts }: WithFacts, wanted: Web['interface']): string {
  const named = facts.settings[wanted === 'wsgi' ? 'WSGI_APPLICATION' : 'ASGI_APPLICATION']?.value;
  const found = project[wanted]?.value ?? (typeof named === 'string' ? named : undefined);
  if (found !== undefined) return found.includes(':') ? found : found.replace(/\.(?=\w+$)/, ':');
  // As `runserver` does where nothing is named: the runtime makes Django's own. ASGI came with 3.0.
  if (wanted === 'wsgi' || atLeast(facts.django, '3.0')) return '';
  const file = `${project.directory.value === '' ? '' : `${project.directory.value}/`}…/${wanted}.py`;
  throw new Failure(
    'NO_APPLICATION',
    'project',
    `There is no ${wanted.toUpperCase()} application: no ${file} and no setting that names one`,
    {
      hint: `web: {application: "package.module:${wanted}_application"} in slipway.yml`,
    },
  );
}

function contradiction(server: WebServer, wanted: Web['interface']): Failure {
  const able = Object.entries(SPEAKS).filter(([, spoken]) => spoken.includes(wanted));
  return new Failure('WEB_SERVER_INTERFACE', 'config', `web.server: ${server} does not serve ${wanted.toUpperCase()}`, {
    hint: `web: {server: ${able.map(([name]) => name).join(' | ')}} in slipway.yml`,
  });
}
