import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { outcome, parseGroupChanges, restartsIn, rpc } from '../../src/ops/supervisor.js';
import type { Program } from '../../src/templates/supervisord.js';
import { isRunning, sandbox, until } from './lab/sandbox.js';
import { PYTHON, type Supervised, supervised } from './lab/supervised.js';

/** Says that it is there, and when it is asked to end takes a moment for it. */
const PATIENT = `
import os, signal, sys, time
def end(*_):
    print('ending', flush=True); time.sleep(0.2); print('ended', flush=True); sys.exit(0)
signal.signal(signal.SIGTERM, end)
print('up', sys.argv[1:], flush=True); print('error line', file=sys.stderr, flush=True)
while True: time.sleep(1)
`;

const program = (lab: Supervised, name: string, code: string, more: Partial<Program> = {}): Program => ({
  name,
  argv: [PYTHON, '-I', '-S', '-c', code, name],
  stopSignal: 'TERM',
  stopSeconds: 5,
  startSeconds: 1,
  restart: 'always',
  logFile: lab.logFile(name),
  priority: 100,
  ...more,
});

/** Code with line breaks cannot be in a command line for supervisor: it is read from a string that has none. */
const unfold = (code: string): string => `exec(${JSON.stringify(code)})`;

test('a group starts, stops, changes and is forgotten', async (context) => {
  const { folder, after } = await sandbox(context);
  const lab = await supervised(folder, after);
  const web = program(lab, 'web', unfold(PATIENT));
  await lab.write({ name: 'release-1', programs: [web, program(lab, 'worker', unfold(PATIENT), { count: 2 })] });
  assert.equal((await lab.groups('applied', 'release-1')).code, 1);
  assert.equal((await lab.groups('up', 'release-1')).code, 1, 'an unknown group is not up');
  assert.equal((await lab.groups('apply', 'release-1')).code, 0);
  assert.equal((await lab.groups('up', 'release-1')).code, 0);
  await until('running', async () => (await lab.groups('settled', 'release-1')).code === 0);
  assert.equal((await lab.groups('applied', 'release-1')).code, 0);
  const first = await lab.processes('release-1');
  assert.deepEqual(first.map(({ name, state }) => [name, state]).sort(), [
    ['web', 'running'],
    ['worker-1', 'running'],
    ['worker-2', 'running'],
  ]);
  assert.match(await lab.log('web'), /^up \['web'\]\nerror line\n/);
  assert.match(await lab.log('worker-2'), /^up/);

  assert.equal((await lab.groups('apply', 'release-1')).code, 0);
  assert.deepEqual(
    (await lab.processes('release-1')).map(({ pid }) => pid),
    first.map(({ pid }) => pid),
    'applying again changes nothing',
  );

  await lab.write({ name: 'release-1', programs: [program(lab, 'web', unfold(PATIENT), { stopSeconds: 6 })] });
  assert.equal((await lab.groups('applied', 'release-1')).code, 1);
  assert.equal((await lab.groups('apply', 'release-1')).code, 0);
  assert.match(await lab.log('web'), /ending\nended\n/);
  assert.deepEqual(
    (await lab.processes('release-1')).map(({ name }) => name),
    ['web'],
  );

  const before = (await lab.processes('release-1'))[0]?.pid;
  assert.equal((await lab.groups('restart', 'release-1', 'web')).code, 0);
  assert.notEqual((await lab.processes('release-1'))[0]?.pid, before);
  assert.equal((await lab.groups('restart', 'release-1', 'nonsense')).code, 1);

  await lab.forgetFile('release-1');
  assert.equal((await lab.groups('prune')).code, 0);
  assert.deepEqual(await lab.processes('release-1'), []);
  assert.equal((await lab.groups('stop', 'release-1')).code, 0, 'forgetting twice is no error');
});

test('the same by requests, with faults told apart', async (context) => {
  const { folder, after } = await sandbox(context);
  const lab = await supervised(folder, after);
  const { host, socket } = lab;
  assert.deepEqual(outcome(await host.request(rpc.addGroup(socket, 'a')), 'BAD_NAME'), { fault: 'BAD_NAME' });
  await lab.write({ name: 'a', programs: [program(lab, 'x', unfold(PATIENT))] });
  assert.deepEqual(parseGroupChanges(await host.request(rpc.reloadConfig(socket))), { added: ['a'], changed: [], removed: [] });
  outcome(await host.request(rpc.addGroup(socket, 'a')));
  assert.deepEqual(outcome(await host.request(rpc.addGroup(socket, 'a')), 'ALREADY_ADDED'), { fault: 'ALREADY_ADDED' });
  await until('up', async () => /up/.test(await lab.log('x')));
  assert.deepEqual(outcome(await host.request(rpc.removeGroup(socket, 'a')), 'STILL_RUNNING'), { fault: 'STILL_RUNNING' });
  outcome(await host.request(rpc.stopGroup(socket, 'a', 5)));
  assert.match(await lab.log('x'), /ended/);
  assert.equal((await lab.processes('a'))[0]?.state, 'stopped');
  assert.deepEqual(outcome(await host.request(rpc.restartProcess.stop(socket, 'a', 'x', 5)), 'NOT_RUNNING'), {
    fault: 'NOT_RUNNING',
  });
  outcome(await host.request(rpc.startGroup(socket, 'a')));
  assert.match((await lab.processes('a'))[0]?.state ?? '', /starting|running/);
});

test('what dies comes back, what cannot start is tried with a growing pause, what will not end is killed with its children', async (context) => {
  const { folder, after } = await sandbox(context);
  const lab = await supervised(folder, after);
  const deaf = `
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = os.fork()
if child: print('child', child, flush=True)
while True: time.sleep(1)
`;
  await lab.write({
    name: 'g',
    programs: [
      program(lab, 'good', unfold(PATIENT)),
      program(lab, 'bad', "raise SystemExit('broken on purpose')"),
      program(lab, 'deaf', unfold(deaf), { stopSeconds: 1 }),
    ],
  });
  await lab.groups('apply', 'g');
  const good = await until('running', async () =>
    (await lab.processes('g')).find(({ name, state }) => name === 'good' && state === 'running'),
  );
  process.kill(good.pid ?? 0, 'SIGKILL');
  await until('another one', async () => {
    return (await lab.processes('g')).some(({ name, state, pid }) => name === 'good' && state === 'running' && pid !== good.pid);
  });
  await until('three tries', async () => ((await lab.log('bad')).match(/broken on purpose/g)?.length ?? 0) >= 3);
  const bad = (await lab.processes('g')).find(({ name }) => name === 'bad');
  assert.match(bad?.state ?? '', /backoff|starting/);
  assert.equal((await lab.groups('up', 'g')).code === 0 && (await lab.groups('settled', 'g')).code === 0, false);
  const restarts = restartsIn(await readFile(join(folder, 'logs/s.log'), 'utf8'));
  assert.equal(restarts.get('g.good'), 1);
  assert.ok((restarts.get('g.bad') ?? 0) >= 2);

  const child = Number(/child (\d+)/.exec(await lab.log('deaf'))?.[1]);
  assert.equal(await isRunning(child), true);
  await lab.groups('stop', 'g');
  assert.equal(await isRunning(child), false);
});

test('it survives its starter, and a stale socket; a second one is refused', async (context) => {
  const { folder, after } = await sandbox(context);
  const lab = await supervised(folder, after);
  const pid = await until('its pid file', () => lab.pid().catch(() => undefined));
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [, parent, , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  assert.notEqual(Number(parent), process.pid);
  assert.equal(Number(session), pid, 'a session of its own');
  await assert.rejects(
    supervised(folder, () => undefined),
    /already listening/,
  );
  process.kill(pid, 'SIGKILL');
  await until('it is gone', async () => !(await isRunning(pid)));
  const again = await supervised(folder, () => undefined);
  after(async () => again.host.request(rpc.shutdown(again.socket)).catch(() => undefined));
  await until('another pid', async () => (await again.pid().catch(() => pid)) !== pid);
});

test('odd folders are understood', async (context) => {
  const { folder, after } = await sandbox(context);
  const odd = join(folder, 'a [b] 50% *é?');
  await mkdir(odd);
  const lab = await supervised(odd, after);
  await lab.write({ name: 'a', programs: [program(lab, 'x', unfold(PATIENT))] });
  assert.deepEqual(await lab.groups('apply', 'a'), { code: 0, stdout: '', stderr: '' });
  await until('up', async () => /up/.test(await lab.log('x')));
});

test('an ordinary user runs it', { skip: process.getuid?.() !== 0 && 'only root can become another user' }, async (context) => {
  const { folder, after } = await sandbox(context);
  const lab = await supervised(folder, after, 'nobody');
  await lab.write({
    name: 'a',
    programs: [program(lab, 'x', "import os, time; print('uid', os.getuid(), flush=True); time.sleep(60)")],
  });
  assert.equal((await lab.groups('apply', 'a')).code, 0);
  await until('its line', async () => /uid 65534/.test(await lab.log('x')));
});
