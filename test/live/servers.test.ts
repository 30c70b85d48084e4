import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import WebSocket from 'ws';
import type { Request } from '../../src/core/command.js';
import type { ProcessDefinition } from '../../src/core/process-definition.js';
import { localHost } from '../../src/hosts/local.js';
import { WEB_SERVERS } from '../../src/ops/servers/all.js';
import { type Interface, type ServerSetup, stopSecondsOf, type WebServerKind } from '../../src/ops/servers/server.js';
import { startDefinition } from './lab/definition.js';
import { pipEnvironment, SYSTEM_PYTHON } from './lab/pip-environment.js';
import { isRunning, sandbox, until } from './lab/sandbox.js';
import { tinyProject } from './lab/tiny-project.js';
import { interpreter } from './python-matrix/environment.js';

const host = localHost();

interface Started {
  readonly server: Awaited<ReturnType<typeof startDefinition>>;
  readonly ask: (path: string, more?: Partial<Request>) => Promise<string>;
}

async function start(
  kind: WebServerKind,
  setup: ServerSetup,
  project: string,
  after: (task: () => Promise<unknown>) => void,
): Promise<Started> {
  await mkdir(setup.folder, { recursive: true });
  for (const { path, content } of kind.files(setup)) await writeFile(path, content);
  const definition: ProcessDefinition = {
    argv: kind.argv(setup),
    cwd: project,
    env: {
      PATH: '/usr/bin:/bin',
      HOME: setup.folder,
      LANG: 'C.UTF-8',
      WEB_CONCURRENCY: '7',
      GUNICORN_CMD_ARGS: '--workers=9',
      ...kind.env(setup),
    },
    umask: 0o007,
  };
  const server = await startDefinition(definition, kind.stopSignal);
  after(async () => server.killAll());
  const ask = async (path: string, more: Partial<Request> = {}): Promise<string> => {
    const headers = { host: 'tiny.test', 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https', ...more.headers };
    const { status, body } = await host.request({ to: { socket: setup.socket }, path, ...more, headers });
    assert.equal(status, 200, body);
    return body;
  };
  await until(`${kind.name} to answer`, () => ask('/').catch(() => undefined), 20).catch(async (error) => {
    assert.fail(`${error}\n${await server.log()}`);
  });
  return { server, ask };
}

async function answersAndStops(context: TestContext, kind: WebServerKind, wanted: Interface) {
  const { folder, after } = await sandbox(context);
  const project = await tinyProject(folder);
  const bin = await pipEnvironment(['django==5.2.*', ...kind.requirements(wanted, SYSTEM_PYTHON)]);
  const setup: ServerSetup = {
    python: join(bin, 'python'),
    pythonVersion: SYSTEM_PYTHON,
    interface: wanted,
    application: `tiny.${wanted}:application`,
    socket: join(folder, 'web.sock'),
    folder: join(folder, "ser'vers"),
    workers: 2,
    threads: wanted === 'wsgi' && kind.name !== 'hypercorn' ? 4 : 1,
    maxBody: 50_000_000,
    gracefulSeconds: 5,
  };
  const { server, ask } = await start(kind, setup, project, after);

  assert.match(await ask('/'), /^hello \d+$/);
  const body = 'x'.repeat(20_000_000);
  assert.equal(await ask('/size', { method: 'POST', body }), '20000000 bytes from 203.0.113.9');
  const workers = new Set<string>();
  await Promise.all(Array.from({ length: 40 }, async () => workers.add(await ask('/slow?seconds=0.01').then(() => ask('/')))));
  assert.ok(workers.size <= 2, `${workers.size} workers, though 2 were asked for`);
  if (wanted === 'asgi') await echoes(setup.socket);

  const pid = server.pid;
  server.killAll();
  await until('it is gone', async () => !(await isRunning(pid)));
  assert.ok(existsSync(setup.socket), 'a socket left behind');
  const again = await start(kind, setup, project, after);
  const began = Date.now();
  await again.server.stop();
  assert.ok(Date.now() - began < stopSecondsOf(setup.gracefulSeconds) * 1000, 'it ends before the supervisor would make it');
}

async function echoes(socket: string): Promise<void> {
  const client = new WebSocket(`ws+unix:${socket}:/ws`, { headers: { host: 'tiny.test' } });
  const answer = await new Promise<string>((resolve, reject) => {
    client.on('open', () => client.send('hej'));
    client.on('message', (data) => resolve(String(data)));
    client.on('error', reject);
  });
  client.close();
  assert.equal(answer, 'echo hej');
}

// mod_wsgi's needs the system's Apache, which is on servers alone: test/live/server/mod-wsgi.test.ts.
for (const kind of Object.values(WEB_SERVERS).filter(({ name }) => name !== 'mod_wsgi')) {
  for (const wanted of kind.interfaces) {
    test(`${kind.name} serves ${wanted}, comes back after being killed, and stops`, (context) =>
      answersAndStops(context, kind, wanted));
  }
}

test('a Gunicorn as old as projects pin it listens on a unix socket', async (context) => {
  const python = interpreter('3.7');
  if (python === null) return context.skip('Python 3.7 is not here');
  const { folder, after } = await sandbox(context);
  const bin = await pipEnvironment(['django==3.2.*', 'gunicorn==19.7.1', 'setuptools<58'], python);
  const setup: ServerSetup = {
    ...{ python: join(bin, 'python'), pythonVersion: '3.7', interface: 'wsgi', application: 'tiny.wsgi:application' },
    ...{ socket: join(folder, 'web.sock'), folder: join(folder, 'servers') },
    ...{ workers: 1, threads: 2, maxBody: 50_000_000, gracefulSeconds: 5 },
  };
  const { server } = await start(WEB_SERVERS.gunicorn, setup, await tinyProject(folder), after);
  await server.stop();
});
