import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import WebSocket from 'ws';
import { drainArgv } from '../../src/ops/drain.js';
import { WEB_SERVERS } from '../../src/ops/servers/all.js';
import type { Interface, WebServerKind } from '../../src/ops/servers/server.js';
import type { Program } from '../../src/templates/supervisord.js';
import { pipEnvironment, SYSTEM_PYTHON } from './lab/pip-environment.js';
import { isRunning, sandbox, until } from './lab/sandbox.js';
import { PYTHON, supervised, TOOLS } from './lab/supervised.js';
import { tinyProject } from './lab/tiny-project.js';

const RUNTIME = resolve('python');
/** A worker that finishes its task when it is told to stop. */
const WORKER =
  "import signal, sys, time; signal.signal(15, lambda *a: (print('told', flush=True), time.sleep(1), print('task done', flush=True), sys.exit(0))); print('working', flush=True); time.sleep(600)";

async function release(context: TestContext, kind: WebServerKind, wanted: Interface) {
  const { folder, after } = await sandbox(context);
  const lab = await supervised(folder, after);
  const project = await tinyProject(folder);
  const bin = await pipEnvironment(['django==5.2.*', ...kind.requirements(wanted, SYSTEM_PYTHON)]);
  const at = (name: string): string => join(folder, name);
  const setup = {
    ...{
      python: join(bin, 'python'),
      pythonVersion: SYSTEM_PYTHON,
      interface: wanted,
      application: `slipway_runtime.${wanted}:application`,
    },
    ...{
      socket: at('1.sock'),
      folder: at('servers'),
      workers: 2,
      threads: wanted === 'wsgi' ? 4 : 1,
      maxBody: 1e6,
      gracefulSeconds: 5,
    },
  };
  for (const name of ['servers', 'releases/1', 'releases/2', 'launch']) await mkdir(at(name), { recursive: true });
  for (const { path, content } of kind.files(setup)) await writeFile(path, content);
  await symlink(at('releases/2'), at('live'));
  const env = {
    ...{ PATH: '/usr/bin:/bin', HOME: folder, LANG: 'C.UTF-8', PYTHONPATH: RUNTIME, PYTHONDONTWRITEBYTECODE: '1' },
    ...{
      DJANGO_SETTINGS_MODULE: 'tiny.settings',
      SLIPWAY_APPLICATION: `tiny.${wanted}:application`,
      SLIPWAY_DRAIN: at('1.drain'),
    },
    ...kind.env(setup),
  };
  const program = async (name: string, argv: readonly string[], more: Partial<Program> = {}): Promise<Program> => {
    await writeFile(at(`launch/${name}.json`), JSON.stringify({ argv, cwd: project, env, umask: 0o077 }), { mode: 0o600 });
    return {
      ...{
        name,
        argv: [PYTHON, '-I', '-S', join(RUNTIME, 'slipway_runtime/launch.py'), at(`launch/${name}.json`)],
        logFile: lab.logFile(name),
      },
      ...{ stopSignal: kind.stopSignal, stopSeconds: 10, startSeconds: 1, restart: 'always', priority: 100, ...more },
    };
  };
  await lab.write({
    name: 'release-1',
    programs: [await program('web', kind.argv(setup)), await program('worker', [PYTHON, '-I', '-S', '-c', WORKER])],
  });
  assert.equal((await lab.groups('apply', 'release-1')).code, 0);
  const ask = (path: string) =>
    lab.host.request({ to: { socket: setup.socket }, path, headers: { host: 'tiny.test' }, timeoutSeconds: 20 });
  await until('an answer', async () => (await ask('/').catch(() => ({ status: 0 }))).status === 200).catch(async (error) => {
    assert.fail(`${error}\n${await lab.log('web')}`);
  });
  const drain = async (limitSeconds: number, own = at('releases/1')): Promise<void> => {
    const argv = drainArgv({
      ...{ python: PYTHON, tool: join(TOOLS, 'drain.py'), supervisorSocket: lab.socket, group: 'release-1', self: 'drain-1' },
      ...{ live: at('live'), own, webSocket: setup.socket, flag: at('1.drain'), programs: lab.programs, limitSeconds },
    });
    await lab.write({ name: 'drain-1', programs: [await program('drain', argv, { restart: 'on-failure', startSeconds: 0 })] });
    assert.equal((await lab.groups('apply', 'drain-1')).code, 0);
  };
  const gone = async (): Promise<void> => {
    const left = async () => [...(await lab.processes('release-1')), ...(await lab.processes('drain-1'))];
    await until('both groups to be gone', async () => (await left()).length === 0, 25).catch(async (error) => {
      assert.fail(`${error}\n${JSON.stringify(await left())}\n${await lab.log('drain')}`);
    });
    for (const name of ['1.sock', '1.drain', 'programs/release-1.conf', 'programs/drain-1.conf'])
      assert.ok(!existsSync(at(name)), name);
  };
  return { lab, setup, ask, drain, gone, at };
}

// mod_wsgi's needs the system's Apache, which is on servers alone: test/live/server/mod-wsgi.test.ts.
for (const kind of Object.values(WEB_SERVERS).filter(({ name }) => name !== 'mod_wsgi')) {
  for (const wanted of kind.interfaces) {
    test(`${kind.name} (${wanted}): requests in flight are answered, then all is gone`, async (context) => {
      const { lab, ask, drain, gone } = await release(context, kind, wanted);
      const pids = (await lab.processes('release-1')).map(({ pid }) => pid ?? 0);
      const slow = [ask('/slow?seconds=2'), ask('/slow?seconds=1.5')];
      await new Promise((wake) => setTimeout(wake, 300));
      await drain(15);
      for (const answer of slow) assert.deepEqual((await answer).body, 'slow done');
      await gone();
      assert.match(await lab.log('worker'), /told\ntask done\n/);
      assert.match(await lab.log('drain'), /has no connection/);
      for (const pid of pids) assert.equal(await isRunning(pid), false);
    });
  }
}

test('websockets are closed with 1012, so that nobody waits for them', async (context) => {
  const { setup, drain, gone } = await release(context, WEB_SERVERS.uvicorn, 'asgi');
  const client = new WebSocket(`ws+unix:${setup.socket}:/ws`, { headers: { host: 'tiny.test' } });
  await new Promise((resolve, reject) => client.on('open', resolve).on('error', reject));
  const code = new Promise<number>((resolve) => client.on('close', resolve));
  const began = Date.now();
  await drain(20);
  assert.equal(await code, 1012);
  await gone();
  assert.ok(Date.now() - began < 12_000);
});

test('what does not end in time is ended', async (context) => {
  const { lab, ask, drain, gone } = await release(context, WEB_SERVERS.gunicorn, 'wsgi');
  const cut = ask('/slow?seconds=19').then(
    () => 'answered',
    () => 'cut',
  );
  await new Promise((wake) => setTimeout(wake, 300));
  await drain(1);
  await gone();
  assert.equal(await cut, 'cut');
  assert.match(await lab.log('drain'), /still 1 connections/);
});

test('the live release is never touched', async (context) => {
  const { lab, ask, drain, at } = await release(context, WEB_SERVERS.gunicorn, 'wsgi');
  await drain(5, at('releases/2'));
  await until('the drain to leave', async () => (await lab.processes('drain-1')).length === 0);
  assert.match(await lab.log('drain'), /is live: left alone/);
  assert.equal((await ask('/')).status, 200);
  assert.ok(!existsSync(at('1.drain')) && !existsSync(at('programs/drain-1.conf')) && existsSync(at('programs/release-1.conf')));
});

test('killed in the middle it goes on; run again it finds nothing to do', async (context) => {
  const { lab, ask, drain, gone } = await release(context, WEB_SERVERS.gunicorn, 'wsgi');
  const slow = ask('/slow?seconds=2');
  await new Promise((wake) => setTimeout(wake, 300));
  await drain(15);
  const first = await until('the drain', async () => (await lab.processes('drain-1'))[0]?.pid);
  await until('it to be at work', async () => /told/.test(await lab.log('worker')));
  process.kill(first ?? 0, 'SIGKILL');
  assert.equal((await slow).body, 'slow done');
  await gone();
  await drain(15);
  await gone();
});
