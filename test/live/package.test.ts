import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Visitor } from '../support/browserless.js';
import { example, TEST_HOME } from '../support/live-app.js';
import { processesNaming } from '../support/live-checks.js';
import { installPackage } from '../support/packed.js';
import { lastJsonLine, type ProgramRun, runProgram } from '../support/program.js';
import { ROOT } from '../support/slipway.js';

const env: NodeJS.ProcessEnv = {
  ...process.env,
  SLIPWAY_HOME: TEST_HOME,
  NO_COLOR: '1',
  npm_config_prefer_offline: 'true',
  npm_config_audit: 'false',
};

function folder(context: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'slipway-package-'));
  context.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const well = (run: ProgramRun): ProgramRun => {
  assert.equal(run.code, 0, `${run.stdout.slice(-2000)}\n${run.stderr.slice(-2000)}`);
  return run;
};

/** A page over HTTPS at what `up` said last. */
async function answers({ url, ca }: Readonly<Record<string, unknown>>): Promise<void> {
  assert.ok(typeof url === 'string' && typeof ca === 'string');
  const page = await new Visitor(ca).visit(url);
  assert.equal(page.status, 200);
  assert.match(page.text, /Mill Lane|Allotment/i);
}

test('the packed package, installed into an empty folder, brings a project live and takes it down', {
  timeout: 300_000,
}, async (context) => {
  const at = folder(context);
  const { folder: home, slipway } = await installPackage(at);
  for (const part of [
    'python/slipway_runtime/launch.py',
    'python/slipway_tools/groups.py',
    'python/slipway.pth',
    'schema/slipway.schema.json',
    'docs/errors/README.md',
    'docs/findings/README.md',
    'LICENSE',
  ])
    assert.ok(existsSync(join(home, part)), `${part} travels with it`);
  assert.ok(!existsSync(join(at, 'node_modules/typescript')), 'no tool of the development is installed');

  const project = join(at, 'somewhere else/allotment');
  cpSync(example('allotment'), project, { recursive: true });
  const run = (...args: string[]) => runProgram([slipway, '-C', project, ...args], { cwd: at, env });
  try {
    await answers(lastJsonLine(well(await run('up', '--json')).stdout));
    const inside = well(
      await run('exec', '--', 'python', '-c', 'import django, slipway_runtime; print(slipway_runtime.__file__)'),
    );
    assert.doesNotMatch(inside.stdout, /node_modules/, 'what a release runs is not in the package of the tool');
    well(await run('down', '--json'));
    assert.deepEqual(await processesNaming(at), []);
  } finally {
    await run('down', '--delete-data', '--yes');
  }
});

test('npm start in a clean copy ends with a page', { timeout: 300_000 }, async (context) => {
  const copy = join(folder(context), 'clean');
  const listed = well(await runProgram(['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT }));
  // A linked node_modules must not be copied: what `npm ci` empties would be the linked one.
  for (const path of listed.stdout
    .split('\0')
    .filter((name) => /^(?!node_modules$|node_modules\/)./.test(name) && existsSync(join(ROOT, name)))) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    cpSync(join(ROOT, path), join(copy, path), { preserveTimestamps: true });
  }
  const before = new Set(readdirSync(copy));
  const project = join(copy, 'examples/allotment');
  try {
    const started = well(await runProgram(['npm', 'start'], { cwd: copy, env }));
    assert.match(started.stdout + started.stderr, /https:\/\/localhost:\d+\//);
    const again = well(
      await runProgram([process.execPath, 'dist/bin/slipway.js', 'up', '--json', '-C', project], { cwd: copy, env }),
    );
    assert.equal(lastJsonLine(again.stdout)['changed'], false);
    await answers(lastJsonLine(again.stdout));
    assert.deepEqual(
      readdirSync(copy)
        .filter((name) => !before.has(name))
        .sort(),
      ['dist', 'node_modules'],
    );
  } finally {
    await runProgram([process.execPath, 'dist/bin/slipway.js', 'down', '--delete-data', '--yes', '-C', project], {
      cwd: copy,
      env,
    });
  }
});
