import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { sendRequest } from '../../../src/hosts/http-request.js';
import { findHolders, findStrays } from '../../../src/hosts/strays.js';
import { rpc } from '../../../src/ops/supervisor.js';
import { Visitor } from '../../support/browserless.js';
import { freePort } from '../../support/edge.js';
import { example, type LiveProject, liveProject, TEST_HOME } from '../../support/live-app.js';
import { installPackage } from '../../support/packed.js';
import { changeFiles, liveRelease, refusedWith, runningReleases } from '../../support/serving.js';
import { type Ran, slipway } from '../../support/slipway.js';
import { stateOf, supervisorSocketOf } from '../../support/state.js';

/** A machine that does not play along: what is in the way is named, nothing is lost, and the next `up` works. */
let project: LiveProject;

before(() => {
  project = liveProject(example('allotment'));
});
after(() => project.end());

const listening = (port: number): Promise<Server> =>
  new Promise((done, fail) => {
    const server = createServer().on('error', fail);
    server.listen(port, '127.0.0.1', () => done(server));
  });

const closed = (server: Server): Promise<unknown> => new Promise((done) => server.close(done));

async function answers(result: Readonly<Record<string, unknown>>, path = '/', text = /Mill Lane/): Promise<void> {
  const page = await new Visitor(String(result['ca'])).visit(new URL(path, String(result['url'])).href);
  assert.equal(page.status, 200);
  assert.match(page.text, text);
}

for (const option of ['--port', '--http-port']) {
  test(`the port of ${option} is taken: by whom`, async () => {
    const port = await freePort();
    const server = await listening(port);
    try {
      refusedWith(await project.run(['up', '--json', option, String(port)]), {
        exit: 8,
        code: 'PORT_TAKEN',
        message: new RegExp(`Port ${port} is taken by .+ \\(process ${process.pid}\\)`),
        hint: new RegExp(option),
      });
    } finally {
      await closed(server);
    }
  });
}

test('the default port is taken: the next one', async () => {
  const server = await listening(8443).catch(() => undefined);
  const result = await project.up();
  // Another app of this machine may have had it, and gone meanwhile.
  if (server !== undefined) assert.doesNotMatch(String(result['url']), /:8443\//);
  if (server !== undefined) await closed(server);
  await answers(result);
  assert.equal((await project.up())['url'], result['url'], 'and it stays');
  // From here on one that nobody takes while this app does not run.
  await project.up('--port', String(await freePort()), '--http-port', String(await freePort()));
});

/** What a reboot does to the processes of an app: all gone at once, and their files still there. */
async function killAll(): Promise<void> {
  const state = stateOf(project.home, project.directory);
  const nginx = Number(readFileSync(join(state, 'edge/nginx.pid'), 'utf8'));
  const pids = await findStrays('SLIPWAY_STATE', state);
  assert.ok(pids.length >= 3 && nginx > 0, `${pids}`);
  for (const pid of new Set([...pids, ...(await findHolders('nginx', join(state, 'logs')))])) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // One of the others took it along.
    }
  }
}

test('rebooted while up: the same release again, and nothing is built', async () => {
  const release = liveRelease(project);
  await killAll();
  const ran = await project.run(['up', '--json']);
  assert.equal(ran.code, 0, ran.stdout + ran.stderr);
  assert.equal(ran.result['release'], release);
  assert.doesNotMatch(ran.stdout, /"stage":"(build|migrate)"/);
  await answers(ran.result);
  assert.deepEqual(await runningReleases(project), [release]);
  assert.equal((await project.up())['changed'], false);
});

test('rebooted in the middle of a switch: one release, whole', async () => {
  changeFiles(project.directory, { 'plots/views.py': (text) => `${text}\n# before the reboot\n` });
  const ran = await project.run(['up', '--json'], {
    onEvent: (event, child) => {
      if (event['type'] === 'started' && event['step'] === 'switch.live') child.kill('SIGKILL');
    },
  });
  assert.equal(ran.code, 137);
  await killAll();
  const next = await project.up();
  await answers(next);
  assert.deepEqual(await runningReleases(project), [next['release']]);
});

test('the supervisor alone is killed: what it has left is ended, and all is started again', async () => {
  const release = liveRelease(project);
  const state = stateOf(project.home, project.directory);
  process.kill(Number(readFileSync(join(state, 'supervisor/supervisord.pid'), 'utf8')), 'SIGKILL');
  const next = await project.up();
  assert.equal(next['release'], release);
  await answers(next);
  const pids = await findStrays('SLIPWAY_STATE', state);
  const supervisors = pids.filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('supervisord'));
  assert.equal(supervisors.length, 1);
  await sendRequest(rpc.state(supervisorSocketOf(project.home, project.directory)));
});

/** A clock that is wrong, for Slipway alone. */
async function withClock(days: number, args: readonly string[]): Promise<Ran> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-clock-'));
  const module = join(folder, 'clock.mjs');
  writeFileSync(
    module,
    `const Real = Date;
const shift = ${days * 86_400_000};
globalThis.Date = class extends Real {
  constructor(...given) {
    if (given.length === 0) super(Real.now() + shift);
    else super(...given);
  }
  static now() {
    return Real.now() + shift;
  }
};
`,
  );
  const ran = await project.run(args, { env: { NODE_OPTIONS: `--import=${pathToFileURL(module).href}` } });
  rmSync(folder, { recursive: true });
  return ran;
}

test('a clock that was ahead: releases keep their order, certificates are made anew', async () => {
  changeFiles(project.directory, { 'plots/views.py': (text) => `${text}\n# in the future\n` });
  const ahead = await withClock(400, ['up', '--json']);
  assert.equal(ahead.code, 0, ahead.stdout + ahead.stderr);
  changeFiles(project.directory, { 'plots/views.py': (text) => `${text}\n# today\n` });
  const today = await project.up();
  assert.equal(liveRelease(project), today['release']);
  assert.ok(String(today['release']) > String(ahead.result['release']));
  await answers(today);
  const back = await project.run(['rollback', '--json']);
  assert.equal(back.code, 0, back.stdout + back.stderr);
  assert.equal(back.result['release'], ahead.result['release'], 'the one before, not the one of the latest date');
  await answers(back.result);
});

const isRoot = process.getuid?.() === 0;

test('the disk is full: the path is named, the release that is live answers, and with space it goes on', {
  skip: isRoot ? false : 'only root can make a small disk',
}, async (context) => {
  const home = mkdtempSync(join(tmpdir(), 'slipway-full-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m,mode=755', 'tmpfs', home]);
  if (mounted.status !== 0) {
    rmSync(home, { recursive: true });
    context.skip('this machine mounts nothing');
    return;
  }
  for (const shared of ['tools', 'environments', 'authority']) symlinkSync(join(TEST_HOME, shared), join(home, shared));
  const own = liveProject(example('allotment'), home);
  try {
    const first = await own.up();
    const filler = join(home, 'filler');
    spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4k']);
    const undo = changeFiles(own.directory, {
      'plots/views.py': (text) => `${text}\n# more\n`,
      'plots/static/plots/style.css': (text) => `${text}\n/* more */\n`,
    });
    for (const left of [0, 400]) {
      if (left > 0) spawnSync('truncate', ['-s', `-${left}k`, filler]);
      const error = refusedWith(await own.run(['up', '--json']), { exit: 5, code: 'DISK_FULL', hint: /df -h/ });
      assert.ok(error.message.includes(home), error.message);
      // A page without the database: SQLite itself needs space to open one.
      await answers(first, '/admin/login/', /csrfmiddlewaretoken/);
      assert.equal(liveRelease(own), first['release']);
    }
    assert.equal((await own.run(['down'])).code, 0, 'the app can be ended where nothing can be written');
    rmSync(filler);
    const next = await own.up();
    assert.equal(next['changed'], true);
    await answers(next);
    undo();
  } finally {
    await own.end();
    spawnSync('umount', ['-l', home]);
    rmSync(home, { recursive: true, force: true });
  }
});

test('a state folder that this user may not write to', { skip: isRoot ? false : 'only root can be somebody else' }, async () => {
  const home = mkdtempSync(join(tmpdir(), 'slipway-closed-'));
  const directory = mkdtempSync(join(tmpdir(), 'slipway-open-'));
  try {
    for (const path of [home, directory]) chmodSync(path, 0o755);
    mkdirSync(join(directory, 'shop'));
    writeFileSync(
      join(directory, 'manage.py'),
      'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\nfrom django.core.management import execute_from_command_line\n',
    );
    writeFileSync(join(directory, 'shop/settings.py'), 'SECRET_KEY = "x"\nROOT_URLCONF = "shop.urls"\n');
    // This repository may be root's alone.
    const { main } = await installPackage(join(directory, 'slipway'));
    const argv = ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, main, 'up', '--json', directory];
    const { status, stdout, stderr } = spawnSync('setpriv', argv, {
      env: { PATH: process.env['PATH'], SLIPWAY_HOME: home, HOME: directory },
      encoding: 'utf8',
    });
    const result: unknown = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}');
    assert.equal(status, 5, stdout + stderr);
    const text = JSON.stringify(result);
    assert.match(text, /"code":"NOT_WRITABLE"/);
    assert.ok(text.includes(home) && text.includes('SLIPWAY_HOME'), text);
  } finally {
    for (const path of [home, directory]) rmSync(path, { recursive: true });
  }
});

for (const name of ['with $dollar', 'a "quote"', "it's", 'back`tick', 'per%cent', 'new\nline', 'back\\slash']) {
  test(`a state folder named ${JSON.stringify(name)} is refused by name`, async () => {
    const home = join(tmpdir(), name);
    const ran = await slipway(['up', '--json', example('allotment')], { home });
    refusedWith(ran, { exit: 2, code: 'HOME_UNUSABLE', message: /cannot live in/, hint: /SLIPWAY_HOME=/ });
  });
}
