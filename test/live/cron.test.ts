import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { example, type LiveProject, liveProject } from '../support/live-app.js';
import { processesNaming } from '../support/live-checks.js';
import { stateOf } from '../support/state.js';

const CONFIG = `
cron:
  tick:
    command:
      - python
      - -c
      - |
        import os, django.conf
        print("tick", os.environ["SLIPWAY_RELEASE"], django.conf.settings.DEBUG, os.path.exists("manage.py"), flush=True)
    at: "* * * * *"
  clean: {command: python manage.py clearsessions, at: "04:15"}
`;

interface Listed {
  readonly name: string;
  readonly kind: string;
  readonly command: string;
  readonly pid: number;
  readonly state: string;
  readonly release: string;
}

async function scheduler(project: LiveProject): Promise<Listed> {
  const { result } = await project.run(['status', '--json']);
  const processes: unknown = result['processes'];
  assert.ok(Array.isArray(processes));
  const found: readonly Listed[] = processes.filter(({ kind }) => kind === 'cron');
  assert.equal(found.length, 1, JSON.stringify(processes));
  const [only] = found;
  assert.ok(only !== undefined);
  return only;
}

async function until(what: string, isSo: () => boolean | Promise<boolean>, seconds: number): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await isSo())) {
    assert.ok(Date.now() < deadline, `not within ${seconds} s: ${what}`);
    await new Promise((wake) => setTimeout(wake, 200));
  }
}

test('jobs run in the live release, and in no other', { timeout: 600_000 }, async () => {
  const project = liveProject(example('allotment'));
  try {
    appendFileSync(join(project.directory, 'slipway.yml'), CONFIG);
    const { release: first } = await project.up();
    const before = await scheduler(project);
    assert.deepEqual([before.name, before.command, before.release], ['cron', 'tick (* * * * *) · clean (04:15)', first]);
    const state = stateOf(project.home, project.directory);
    const output = () => readFileSync(join(state, 'logs/cron-tick.log'), { encoding: 'utf8', flag: 'a+' });

    // One that was killed, and has missed a few minutes: the next one makes them good at once, by one run.
    writeFileSync(join(state, 'cron/minute'), String(Math.floor(Date.now() / 60_000) - 5));
    process.kill(before.pid, 'SIGKILL');
    await until('the job has run', () => output().includes(`tick ${String(first)} False True`), 30);
    assert.ok((output().match(/^tick /gm)?.length ?? 0) <= 2, output());

    appendFileSync(join(project.directory, 'README.md'), '\nChanged.\n');
    const { release: second } = await project.up();
    assert.notEqual(second, first);
    const after = await scheduler(project);
    assert.equal(after.release, second);
    const running = (await processesNaming(state)).filter((line) => line.includes('cron.json'));
    assert.equal(running.length, 1, running.join('\n'));
    assert.ok(running[0]?.includes(String(second)));
    const runsOfFirst = output().split(String(first)).length;
    await until('the job has run in the second release', () => output().includes(`tick ${String(second)} False True`), 75);
    assert.equal(output().split(String(first)).length, runsOfFirst);
    const logs = await project.run(['logs', 'cron', '--json']);
    assert.match(logs.stdout, /"job":"tick".*"exit_code":0/);
    const told = await project.run(['logs', 'cron-tick', '-n', '1', '--json']);
    const [, time, message] = /"time":"([^"]+)".*"message":"([^"]+)"/.exec(told.stdout.split('\n')[0] ?? '') ?? [];
    assert.match(message ?? '', new RegExp(`^tick ${String(second)}`));
    assert.ok(Math.abs(Date.parse(time ?? '') - Date.now()) < 300_000, `what a job says has the time of its run: ${time}`);

    assert.equal((await project.run(['down'])).code, 0);
    assert.deepEqual(await processesNaming(state), []);
  } finally {
    await project.end();
  }
});
