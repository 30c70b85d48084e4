import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Visitor } from '../../support/browserless.js';
import { example, type LiveProject, liveProject } from '../../support/live-app.js';
import { processesNaming } from '../../support/live-checks.js';
import { type LoadReport, startLoad } from '../../support/open-loop.js';
import { changeFiles, liveRelease, runningReleases } from '../../support/serving.js';
import type { Ran } from '../../support/slipway.js';

/** Runs of `up` that are ended in the middle, under load: the site answers all the while, and the next run makes it whole. */
let project: LiveProject;
let url: string;
let ca: string;
let load: { stop(): Promise<LoadReport> };

before(async () => {
  project = liveProject(example('allotment'));
  const first = await project.up();
  url = String(first['url']);
  ca = String(first['ca']);
  load = startLoad({ url, ca: readFileSync(ca), rate: 25, contains: 'Mill Lane' });
});

after(async () => {
  const report = await load.stop();
  await project.end();
  assert.deepEqual(report.failures, {}, `of ${report.sent} requests`);
  assert.deepEqual(await processesNaming(project.directory), []);
});

let count = 0;

/** New code and a new static file, so that nothing of the release can be taken from the one before. */
function change(): string {
  count += 1;
  const [text, style] = [`\n# change ${count}\n`, `\n/* change ${count} */\n`];
  changeFiles(project.directory, { 'plots/views.py': (old) => old + text, 'plots/static/plots/style.css': (old) => old + style });
  return `change ${count}`;
}

/** `up`, with something done to it when a step begins. */
async function upUntil(
  begins: (event: Readonly<Record<string, unknown>>) => boolean,
  act: (child: ChildProcess) => void,
): Promise<Ran> {
  let done = false;
  const ran = await project.run(['up', '--json'], {
    onEvent: (event, child) => {
      if (done || !begins(event)) return;
      done = true;
      act(child);
    },
  });
  assert.ok(done, `the run never came there: ${ran.stdout}`);
  return ran;
}

const step = (id: string) => (event: Readonly<Record<string, unknown>>) =>
  event['type'] === 'started' && String(event['step']).startsWith(id);
const stage = (name: string) => (event: Readonly<Record<string, unknown>>) =>
  event['type'] === 'stage' && event['stage'] === name;

async function answers(): Promise<void> {
  assert.equal((await new Visitor(ca).visit(url)).status, 200);
}

/** The next run is whole: one release, the one it told of. */
async function converges(): Promise<void> {
  const next = await project.up();
  assert.equal(liveRelease(project), next['release']);
  await answers();
  assert.deepEqual(await runningReleases(project), [next['release']]);
  assert.equal((await project.up())['changed'], false, 'after it nothing is left to do');
}

const KILLED_AT = [
  'source.folder',
  'source.copy',
  'environment.finish',
  'release.pins',
  // While static files are collected, and while they are compressed: these tell of no steps.
  'release.pins + 150 ms',
  'release.pins + 450 ms',
  'supervisor.start',
  'edge.config',
  'start.program',
  'start.group',
  'start.ready',
  'switch.whole',
  'switch.live',
  'edge.install',
  'edge.ready',
  'verify.page',
  'drain.program',
];

test('killed at any step, the live release answers, and the next run makes it whole', { timeout: 300_000 }, async (context) => {
  for (const at of KILLED_AT) {
    await context.test(`at ${at}`, async () => {
      change();
      const before = liveRelease(project);
      const [id = '', delay = '0'] = at.split(/ \+ | ms/);
      const ran = await upUntil(step(id), (child) => setTimeout(() => child.kill('SIGKILL'), Number(delay)));
      assert.equal(ran.code, 137);
      await answers();
      // Between the step before the rename and the rename a kill comes too late to be sure.
      assert.ok(/^(switch|edge|verify|drain)/.test(at) || liveRelease(project) === before, 'nothing was switched');
      await converges();
    });
  }
});

for (const name of ['build', 'prepare', 'migrate', 'start', 'switch', 'verify']) {
  for (const times of [1, 2]) {
    test(`Ctrl-C ${times === 1 ? 'once' : 'twice'} in the stage ${name}`, async () => {
      change();
      const before = liveRelease(project);
      const ran = await upUntil(stage(name), (child) => {
        child.kill('SIGINT');
        if (times === 2) setTimeout(() => child.kill('SIGINT'), 60);
      });
      // Whoever presses the keys when the work is all but done may find it done.
      if (ran.code !== 0 || times === 1) {
        assert.equal(ran.code, 130, ran.stdout);
        // The second one leaves things where they are: after the switch, that is the new release, whole as well.
        if (times === 1 || !['switch', 'verify'].includes(name)) assert.equal(liveRelease(project), before);
      }
      if (times === 1) assert.deepEqual(await runningReleases(project), [before], 'nothing is left beside the live release');
      await answers();
      await converges();
    });
  }
}

test('a migration that a killed run has left is not run twice at once', async () => {
  change();
  const name = '0002_slow';
  const undo = changeFiles(project.directory, {
    [`plots/migrations/${name}.py`]: `import time
from django.db import migrations


def slow(apps, schema_editor):
    print("migrating slowly", flush=True)
    time.sleep(20)


class Migration(migrations.Migration):
    dependencies = [("plots", "0001_initial")]
    operations = [migrations.RunPython(slow, migrations.RunPython.noop)]
`,
  });
  const slow = (event: Readonly<Record<string, unknown>>) => String(event['line']).includes('migrating slowly');
  const ran = await upUntil(slow, (child) => child.kill('SIGKILL'));
  assert.equal(ran.code, 137);
  undo();
  const began = Date.now();
  const next = await project.run(['up', '--json']);
  assert.equal(next.code, 0, next.stdout);
  assert.match(next.stdout, /was interrupted; ended \d+ of its processes/);
  assert.ok(Date.now() - began < 18_000, 'nobody waits for it');
  await converges();
});

test('an installation that a killed run has left is ended, and made again', async () => {
  const undo = changeFiles(project.directory, { 'requirements.txt': 'django>=5.1,<5.3\npytz==2024.1\n' });
  const ran = await upUntil(step('environment.install'), (child) => child.kill('SIGKILL'));
  assert.equal(ran.code, 137);
  await answers();
  await converges();
  undo();
  await converges();
});

test('two at once: the second waits, and both succeed', async () => {
  change();
  const [one, two] = await Promise.all([project.run(['up', '--json']), project.run(['up', '--json'])]);
  assert.deepEqual([one.code, two.code], [0, 0], one.stdout + two.stdout);
  assert.match(one.stdout + two.stdout, /waiting for `slipway up` \(process \d+\), at work since /);
  assert.deepEqual([one.result['changed'], two.result['changed']].sort(), [false, true]);
  assert.equal(one.result['release'], two.result['release']);
});
