import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, before } from 'node:test';
import type { Event } from '../../../src/core/event.js';
import type { Host } from '../../../src/core/host.js';
import type { Step } from '../../../src/core/plan.js';
import { apply } from '../../../src/engine/apply.js';
import { inspect } from '../../../src/engine/inspect.js';
import { openSsh } from '../../../src/hosts/ssh/connect.js';
import { parseNginxVersion } from '../../../src/ops/nginx.js';
import { gunicorn } from '../../../src/ops/servers/gunicorn.js';
import { uvicorn } from '../../../src/ops/servers/uvicorn.js';
import { BUILDER, baseSteps } from '../../../src/targets/server/base.js';
import { secretSteps } from '../../../src/targets/server/credentials.js';
import { type EdgeFacts, edgePackages } from '../../../src/targets/server/edge.js';
import type { WebLaunch } from '../../../src/targets/server/go-live.js';
import {
  packageFolder,
  releaseFiles,
  SERVER_HOME,
  serverKey,
  serverLayout,
  serverUser,
  sockets,
} from '../../../src/targets/server/layout.js';
import type { ServerHost, ServerOptions, ServerRelease } from '../../../src/targets/server/options.js';
import { makeFolderSteps, pinsStep, sealStep } from '../../../src/targets/server/release-files.js';
import { ROOT } from '../../support/slipway.js';
import type { LabHost } from './hosts/host.js';
import { type Lab, openLab } from './hosts/lab.js';
import { tinyProject } from './tiny-project.js';

const VENV = `${SERVER_HOME}/environments/tiny`;
const SECRETS: Readonly<Record<string, string>> = { 'django.key': 'canary-$%"\\ é-7f3a', 'db.password': 'pässword' };

/** What the steps of the server target did on a host. */
export interface Applied {
  readonly done: readonly string[];
  readonly same: readonly string[];
}

/** A tiny app on a real host, brought there by the server target's steps and by what a flow would do besides. */
export class ServerApp {
  readonly events: Event[] = [];

  constructor(
    readonly lab: LabHost,
    readonly host: Host,
    readonly at: ServerHost,
    readonly options: ServerOptions,
    readonly close: () => Promise<void>,
  ) {}

  /** Runs steps; what changed and what was the same already. */
  async apply(steps: readonly Step[]): Promise<Applied> {
    const done: string[] = [];
    const same: string[] = [];
    await apply(
      steps,
      () => this.host,
      (event) => {
        if (event.type === 'done') done.push(event.step);
        if (event.type === 'same') same.push(event.step);
      },
    );
    return { done, same };
  }

  /** Ids of the steps that would change something, or of which that is not known. */
  async changes(steps: readonly Step[]): Promise<string[]> {
    const found = await Promise.all(steps.map(async (step) => [step.id, (await inspect(step.action, this.host)).kind] as const));
    return found.filter(([, kind]) => kind !== 'same').map(([id, kind]) => `${id}: ${kind}`);
  }

  release(version: string, more: Partial<ServerRelease> = {}): ServerRelease {
    return {
      app: 'tiny',
      version,
      environment: 'production',
      domains: ['tiny.example.test', 'www.tiny.example.test'],
      source: { root: '/nowhere', fingerprint: version },
      python: { key: 'tiny', interpreter: '/usr/bin/python3', version: '3.13.0', additions: [] },
      directory: '',
      settingsModule: 'tiny.settings',
      pins: [{ name: 'SECRET_KEY', op: 'hold', value: { secret: 'django.key' }, reason: 'test' }],
      web: {
        server: 'gunicorn',
        interface: 'wsgi',
        application: 'tiny.wsgi:application',
        workers: 2,
        threads: 2,
        middleware: [],
        maxBody: 1_000_000,
      },
      processes: [],
      services: [],
      env: { DATABASE_PASSWORD: { secret: 'db.password' }, PLAIN: 'a b%c$d' },
      files: { url: '/static/', media: '/media/' },
      options: this.options,
      ...more,
    };
  }

  web(release: ServerRelease): WebLaunch {
    const { layout } = this.options;
    const kind = release.web.server === 'uvicorn' ? uvicorn : gunicorn;
    const setup = {
      python: `${VENV}/bin/python`,
      pythonVersion: release.python.version,
      interface: release.web.interface,
      application: `slipway_runtime.${release.web.interface}:application`,
      socket: sockets(layout).web(release.version),
      folder: releaseFiles(layout, release.version).servers,
      workers: release.web.workers,
      threads: release.web.threads,
      maxBody: release.web.maxBody,
      gracefulSeconds: 30,
    };
    return {
      argv: kind.argv(setup),
      env: kind.env(setup),
      files: kind.files(setup),
      readySeconds: 30,
      ...(kind.loadsInWorkers(release.web.workers) ? { supervised: release.web.workers } : {}),
      stopSignal: kind.stopSignal,
      stopSeconds: 35,
    };
  }

  /** What a flow does before the start: the code, static files, pins, secrets. */
  async make(release: ServerRelease): Promise<void> {
    const { layout } = this.options;
    const files = releaseFiles(layout, release.version);
    await this.apply(makeFolderSteps(release, this.at, BUILDER));
    const folder = await mkdtemp(join(tmpdir(), 'slipway-tiny-'));
    try {
      const root = await tinyProject(folder);
      await this.host.sync({ kind: 'sync', from: root, to: files.source, files: below(root) });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    const statics = `${layout.state}/static/${release.version}`;
    await this.host.write(`${statics}/plain/static/app.css`, `body{content:"${release.version}"}`);
    await this.host.link(files.static, statics);
    await this.apply([pinsStep(release, ['tiny'], this.at), sealStep(release, this.at), ...secretSteps(release, this.at)]);
  }

  async facts(): Promise<EdgeFacts> {
    const { stderr } = await this.host.exec({ argv: ['/usr/sbin/nginx', '-V'] });
    return { nginx: parseNginxVersion(stderr), ours: await this.host.exists('/etc/slipway/edge'), ipv6: true };
  }
}

const below = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));

/**
 * A host of a lab of its own for the tests of a file, made before the first of them and gone after the last. @param skip why there are none
 * @param use gets it
 */
export function withServerApp(skip: string | false, use: (server: { readonly lab: Lab; readonly app: ServerApp }) => void): void {
  let opened: { readonly lab: Lab; readonly app?: ServerApp } | undefined;
  before(async () => {
    if (skip !== false) return;
    const lab = await openLab({ hosts: 1 });
    opened = { lab };
    const app = await serverApp(lab, 0);
    opened = { lab, app };
    use({ lab, app });
  });
  after(async () => {
    await opened?.app?.close();
    await opened?.lab.close();
  });
}

/** A host with everything an app needs but a release: Slipway's Python files, base, edge, an environment. */
export async function serverApp(lab: Lab, index: number, more: Partial<ServerOptions> = {}): Promise<ServerApp> {
  const [machine] = lab.hosts.slice(index);
  assert.ok(machine !== undefined);
  const connection = await openSsh(machine.name, { sshConfig: lab.sshConfig });
  const host = connection.host({ secrets: async (name) => SECRETS[name] ?? assert.fail(`no secret ${name}`) });
  const systemd = Number((await host.exec({ argv: ['systemctl', '--version'] })).stdout.split(' ')[1]);
  const at: ServerHost = {
    name: machine.name,
    roles: ['web', 'worker', 'beat', 'database'],
    python: '/usr/bin/python3',
    package: packageFolder(SERVER_HOME, 'test'),
    systemd,
  };
  const key = serverKey('tiny', 'production');
  const options: ServerOptions = {
    layout: serverLayout(key),
    key,
    user: serverUser(key),
    inputs: 'i',
    staticKey: null,
    venv: VENV,
    created: '2026-11-21T00:00:00Z',
    timeZone: null,
    adminPath: '/admin/',
    webSockets: true,
    sampleStatic: '/static/app.css',
    keptFolders: [],
    keep: 5,
    edge: 'nginx',
    tls: { kind: 'acme' },
    network: 'internet',
    freedoms: [],
    secrets: 'plain',
    hstsSeconds: 60,
    ...more,
  };
  const app = new ServerApp(machine, host, at, options, () => connection.close());
  for (const name of ['slipway_runtime', 'slipway_tools', 'slipway_host_tools']) {
    const from = join(ROOT, 'python', name);
    const files = below(from).filter((path) => path.endsWith('.py'));
    await host.sync({ kind: 'sync', from, to: `${at.package}/${name}`, files });
  }
  const release = app.release('none');
  await app.apply(baseSteps({ host: at, options, packages: [...edgePackages(release), 'python3-venv'] }));
  await environment(app);
  return app;
}

/** What the tiny project needs, made on the host. */
async function environment({ host, at }: ServerApp): Promise<void> {
  if (await host.exists(`${VENV}/slipway-done`)) return;
  const run = async (...argv: string[]) => {
    const { code, stderr } = await host.exec({ argv, timeoutSeconds: 300 });
    assert.equal(code, 0, stderr);
  };
  await run('python3', '-m', 'venv', VENV);
  const packages = ['django<6', 'gunicorn', 'uvicorn', 'uvicorn-worker', 'websockets', 'httptools', 'uvloop'];
  await run(`${VENV}/bin/pip`, 'install', '-q', '--no-compile', ...packages);
  await run(`${VENV}/bin/python`, '-I', `${at.package}/slipway_tools/environment.py`, 'finish', `${at.package}/slipway_runtime`);
  await host.write(`${VENV}/slipway-done`, '');
}
