import type { Step } from '../../core/plan.js';
import type { Release } from '../../core/release.js';
import { type NginxPlace, nginxArgv, nginxInstall } from '../../ops/nginx.js';
import { errorPage } from '../../templates/error-page.js';
import { type EdgeConfig, nginxConfig } from '../../templates/nginx.js';
import type { Program } from '../../templates/supervisord.js';
import { programConfig } from '../../templates/supervisord.js';
import { authorityCertificate, sockets, stateFiles } from './layout.js';
import type { LocalOptions } from './options.js';
import type { Installed } from './paths.js';
import { applyGroups, groupIsUp } from './supervision.js';

export const EDGE_GROUP = 'edge';

/** What the edge's configuration needs beside the release. */
export interface EdgeFacts {
  /** Set when Slipway was started as root. */
  readonly user?: { readonly name: string; readonly group: string };
}

/** How the release is shown to the world on this machine. */
export function edgeConfig(release: Release<LocalOptions>, facts: EdgeFacts, installed: Installed): EdgeConfig {
  const { options, web, files } = release;
  const state = stateFiles(options.layout);
  return {
    nginx: installed.nginx.build,
    folder: state.edge,
    pid: `${state.edge}/nginx.pid`,
    logs: state.logs,
    temp: `${state.edge}/temp`,
    listen: { addresses: ['127.0.0.1', '::1'], https: options.httpsPort, http: options.httpPort },
    domains: release.domains,
    certificate: state.certificate,
    key: state.certificateKey,
    upstreamSocket: sockets(options.layout).live,
    static: isOwnPath(files.url)
      ? [{ url: files.url, current: `${sockets(options.layout).liveFolder}/static`, kept: state.keptStatic }]
      : [],
    media: isOwnPath(files.media) ? [{ url: files.media, root: state.media }] : [],
    errorPage: `${state.edge}/error.html`,
    webSockets: options.webSockets,
    maxBody: web.maxBody,
    ...(web.cache === undefined ? {} : { cache: web.cache }),
    workerProcesses: 2,
    ...(facts.user === undefined ? {} : { user: facts.user }),
    ...(options.adminPath === null ? {} : { loginPaths: [`${options.adminPath}login/`] }),
    hstsSeconds: 60,
    headers: {
      'Strict-Transport-Security': 'edge',
      'X-Content-Type-Options': 'edge',
      'Referrer-Policy': 'app',
      'Cross-Origin-Opener-Policy': 'app',
      'X-Frame-Options': 'app',
    },
  };
}

/** A path of our own site, as against a bucket or another origin. */
const isOwnPath = (url: string): boolean => /^\/[^/]/.test(url);

const title = 'nginx';

export function edgeSteps(release: Release<LocalOptions>, facts: EdgeFacts, installed: Installed): Step[] {
  const state = stateFiles(release.options.layout);
  const config = `${state.edge}/nginx.conf`;
  const step = (id: string, what: string, action: Step['action']): Step => ({
    id: `edge.${id}`,
    title: what,
    stage: 'prepare',
    host: 'local',
    action,
  });
  return [
    step('temp', 'folder for buffered bodies', { kind: 'folder', path: `${state.edge}/temp` }),
    step('kept', 'folder of kept static files', { kind: 'folder', path: state.keptStatic }),
    step('media', 'folder of uploads', { kind: 'folder', path: state.media }),
    step('page', 'error page', { kind: 'file', path: `${state.edge}/error.html`, content: errorPage(release.app) }),
    step('config', 'edge configuration', {
      kind: 'file',
      path: `${config}.next`,
      content: nginxConfig(edgeConfig(release, facts, installed)),
    }),
    {
      ...step('test', 'edge configuration is valid', {
        kind: 'run',
        command: {
          argv: [
            ...nginxArgv(edgePlace(release, installed)).map((word) => (word === config ? `${config}.next` : word)),
            '-t',
            '-q',
          ],
        },
        check: { alike: [`${config}.next`, config] },
      }),
      failure: { code: 'EDGE_CONFIG', kind: 'environment', message: 'nginx refuses the configuration made for it' },
    },
    step('program', 'edge process', {
      kind: 'file',
      path: `${state.programs}/${EDGE_GROUP}.conf`,
      content: programConfig({ name: EDGE_GROUP, programs: [edgeProgram(release, installed)] }),
    }),
  ];
}

/** Puts the tested configuration in place and has nginx run with it: reloaded only where it differs. */
export function edgeStart(release: Release<LocalOptions>, installed: Installed): Step[] {
  const { layout } = release.options;
  const state = stateFiles(layout);
  const config = `${state.edge}/nginx.conf`;
  return [
    {
      id: 'edge.install',
      title: 'edge configuration in place',
      stage: 'switch',
      host: 'local',
      action: {
        kind: 'run',
        check: { alike: [`${config}.next`, config] },
        command: nginxInstall(`${config}.next`, { folder: state.edge }, `${state.edge}/nginx.pid`),
      },
    },
    applyGroups(layout, installed, 'switch', 'edge.start', title, EDGE_GROUP),
    {
      id: 'edge.ready',
      title: 'nginx answers',
      stage: 'switch',
      host: 'local',
      action: {
        kind: 'wait',
        // With our authority: another program on that port would not do.
        until: {
          request: {
            to: {
              port: release.options.httpsPort,
              tls: { ca: authorityCertificate(layout.home), name: release.domains[0] ?? 'localhost' },
            },
            path: '/',
            headers: { host: 'slipway.invalid' },
            expect: [421],
          },
        },
        alive: groupIsUp(layout, installed, EDGE_GROUP),
        timeoutSeconds: 20,
        log: [`${state.logs}/edge.log`, `${state.logs}/error.log`],
      },
      failure: {
        code: 'EDGE_NOT_READY',
        kind: 'environment',
        message: 'The front server does not answer',
        hint: `tail ${state.logs}/edge.log`,
      },
    },
  ];
}

function edgePlace({ options }: Release<LocalOptions>, { nginx }: Installed): NginxPlace {
  const state = stateFiles(options.layout);
  return { ...nginx, folder: state.edge, logs: state.logs };
}

function edgeProgram(release: Release<LocalOptions>, installed: Installed): Program {
  const state = stateFiles(release.options.layout);
  return {
    name: 'nginx',
    argv: nginxArgv(edgePlace(release, installed)),
    stopSignal: 'QUIT',
    stopSeconds: 10,
    startSeconds: 0,
    restart: 'always',
    logFile: `${state.logs}/edge.log`,
    priority: 10,
  };
}
