import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { run, timed, until } from './command.mjs';

/** What someone writes beside the project's own settings to run it for real. */
const SETTINGS = `from allotment.settings import *
DEBUG = False
ALLOWED_HOSTS = ['*']
STATIC_ROOT = BASE_DIR / 'collected'
STORAGES = {'default': {'BACKEND': 'django.core.files.storage.FileSystemStorage'}, 'staticfiles': {'BACKEND': 'django.contrib.staticfiles.storage.ManifestStaticFilesStorage'}}
`;

/** The same project, taken live by hand: the same Python, the same versions, the same workers, plain commands one after the other. */
export class ByHand {
  #web;

  /** @param live the environment of a release of the same project, to do the same with */
  constructor(folder, project, live) {
    this.folder = folder;
    this.project = join(folder, 'project');
    mkdirSync(folder, { recursive: true });
    cpSync(project, this.project, { recursive: true });
    writeFileSync(join(this.project, 'by_hand.py'), SETTINGS);
    this.live = live;
    this.venv = join(folder, 'venv');
    this.socket = join(folder, 'web.sock');
    this.env = { DJANGO_SETTINGS_MODULE: 'by_hand', PYTHONDONTWRITEBYTECODE: '' };
  }

  python(...args) {
    return run([join(this.venv, 'bin/python'), ...args], { cwd: this.project, env: this.env });
  }

  /** An environment with the same packages. */
  async install() {
    await run([this.live.uv, 'venv', '-q', '--clear', '--python', this.live.python, this.venv]);
    await run([this.live.uv, 'pip', 'install', '-q', '--python', join(this.venv, 'bin/python'), ...this.live.packages]);
  }

  async prepare() {
    await this.python('manage.py', 'collectstatic', '--noinput', '-v', '0');
    await this.python('manage.py', 'migrate', '-v', '0');
  }

  /** Starts Gunicorn; ends with its first 200. */
  async start() {
    const argv = [
      '-m',
      'gunicorn',
      '--workers',
      '2',
      '--threads',
      '4',
      '--bind',
      `unix:${this.socket}`,
      'allotment.wsgi:application',
    ];
    this.#web = spawn(join(this.venv, 'bin/python'), argv, {
      cwd: this.project,
      env: { ...process.env, ...this.env },
      stdio: 'ignore',
    });
    await until('the first 200 by hand', () => ask(this.socket));
  }

  async stop() {
    if (this.#web === undefined) return;
    const gone = new Promise((resolve) => this.#web.once('close', resolve));
    this.#web.kill('SIGTERM');
    await gone;
    this.#web = undefined;
  }

  /** From nothing to the first 200, in ms. */
  async whole() {
    const { ms } = await timed(async () => {
      await this.install();
      await this.prepare();
      await this.start();
    });
    await this.stop();
    return ms;
  }

  /** From Gunicorn's start to the first 200, in ms. */
  async cold() {
    const { ms } = await timed(() => this.start());
    await this.stop();
    return ms;
  }
}

/** true for a 200; rejects for anything else. */
function ask(socketPath) {
  return new Promise((resolve, reject) => {
    request({ socketPath, path: '/', headers: { host: 'localhost' }, agent: false }, (answer) => {
      answer.resume().on('end', () => (answer.statusCode === 200 ? resolve(true) : reject(new Error(String(answer.statusCode)))));
    })
      .on('error', reject)
      .end();
  });
}

/** Python, uv and package versions of what Slipway made, for doing the same by hand. */
export function liveEnvironment(home) {
  const [key] = readdirSync(join(home, 'environments')).filter((name) =>
    existsSync(join(home, 'environments', name, '.complete')),
  );
  const venv = join(home, 'environments', key);
  const python = realpathSync(join(venv, 'bin/python'));
  const [tools] = readdirSync(join(home, 'tools'));
  const site = readdirSync(join(venv, 'lib')).map((name) => join(venv, 'lib', name, 'site-packages'))[0];
  const packages = readdirSync(site)
    .filter((name) => name.endsWith('.dist-info'))
    .map((name) => readFileSync(join(site, name, 'METADATA'), 'utf8'))
    .map((text) => `${/^Name: (.+)$/m.exec(text)[1]}==${/^Version: (.+)$/m.exec(text)[1]}`);
  return { python, uv: join(home, 'tools', tools, 'venv/bin/uv'), packages };
}
