import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { EXIT_CODE, Failure, type FailureKind } from '../../src/core/failure.js';
import type { Context } from '../../src/flows/context.js';
import { assertGolden } from '../support/golden.js';
import { bench, codeAndKind, ROOT } from './outside.js';

const BUG = new TypeError("Cannot read properties of undefined (reading 'x')");
BUG.stack = `TypeError: ${BUG.message}\n    at up (/slipway/dist/src/flows/up.js:10:5)`;

const FAILURES: Readonly<Record<Exclude<FailureKind, 'usage'>, Error>> = {
  config: new Failure('CONFIG_INVALID', 'config', 'slipway.yml:3:1: unknown key "prot"; did you mean "port"?', {
    hint: 'edit slipway.yml, line 3',
    detail: '  2 | app: shop\n> 3 | prot: 8443\n    | ^',
  }),
  project: new Failure(
    'SETTINGS_FAILED',
    'project',
    'shop/settings.py:12: the settings ask for the variable STRIPE_KEY, and it is not set',
    {
      hint: 'slipway up --env STRIPE_KEY=…',
      detail: "shop/settings.py:12  STRIPE_KEY = os.environ['STRIPE_KEY']\nKeyError: 'STRIPE_KEY'",
    },
  ),
  environment: new Failure('COMMAND_NOT_FOUND', 'environment', 'pg_ctl is not there', { hint: 'sudo apt install postgresql' }),
  connection: new Failure('NO_ANSWER', 'connection', 'Nothing answered at deploy@203.0.113.10', {
    hint: 'ssh -v deploy@203.0.113.10',
  }),
  remote: new Failure('COMMAND_FAILED', 'remote', 'python manage.py migrate exited with 1 on local', {
    detail: Array.from({ length: 40 }, (_, i) => `line ${i + 1} \x1b[31mof it\x1b[0m`).join('\n'),
  }),
  conflict: new Failure('LOCKED', 'conflict', 'Another `slipway up` (process 4711) is at work on this app since 10:45', {
    hint: 'kill 4711',
  }),
  cancelled: new DOMException('This operation was aborted', 'AbortError'),
  bug: BUG,
};

for (const [kind, error] of Object.entries(FAILURES)) {
  test(`a failure of kind ${kind}`, async (t) => {
    const { run, folder } = bench(t, { status: () => Promise.reject(error) });
    const { code, stdout, stderr } = await run('status');
    assert.equal(code, Object.entries(EXIT_CODE).find(([name]) => name === kind)?.[1]);
    assert.equal(stdout, '');
    const told = stderr
      .replaceAll(ROOT, '/slipway')
      .replaceAll(folder, '/here')
      .replace(/\d{8}-\d{6}-status-\d+/, 'TIME-status-PID');
    assertGolden(`cli/goldens/failure-${kind}.txt`, told);
  });
}

test('a usage failure', async (t) => {
  const { stderr } = await bench(t, {}).run('up', '--prot', '1');
  assertGolden('cli/goldens/failure-usage.txt', stderr.replaceAll(ROOT, '/slipway'));
});

test('an unforeseen error leaves a journal, exit 1, and a result of kind bug', async (t) => {
  const { run, folder } = bench(t, {
    status: (context) => {
      context.report({ type: 'note', message: 'before it broke' });
      return Promise.reject(BUG);
    },
  });
  const { code, json, stderr } = await run('status', '--json');
  assert.equal(code, 1);
  assert.deepEqual(codeAndKind(json().at(-1)), ['BUG', 'bug']);
  const [name = ''] = readdirSync(join(folder, 'state/journal'));
  assert.ok(stderr.includes(join(folder, 'state/journal', name)));
  const types = readFileSync(join(folder, 'state/journal', name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => /"type":"(\w+)"/.exec(line)?.[1]);
  assert.deepEqual(types, ['command', 'note', 'result']);
});

test('with --verbose the whole detail is shown', async (t) => {
  const { stderr } = await bench(t, { status: () => Promise.reject(FAILURES.remote) }).run('status', '--verbose');
  assert.match(stderr, / {4}line 1 of it\n/);
  assert.match(stderr, / {4}line 40 of it\n/);
});

test('what looks like a secret is masked wherever it is told or kept', async (t) => {
  const fail = (context: Context) => {
    context.report({ type: 'stage', stage: 'build' });
    context.report({ type: 'started', step: 'build.x', host: 'local', title: 'x' });
    context.report({ type: 'output', step: 'build.x', host: 'local', line: 'connecting to postgres://ann:hunter2@db/shop' });
    context.report({ type: 'output', step: 'build.x', host: 'local', line: 'the key is sk_live_4711' });
    throw new Failure('COMMAND_FAILED', 'remote', 'sk_live_4711 was refused', {
      detail: 'API_TOKEN=abcdefgh\npostgres://ann:hunter2@db',
    });
  };
  const { run, folder } = bench(t, { up: async (context) => fail(context) });
  const { stdout, stderr } = await run('up', '--json', '--verbose', '--env', 'STRIPE_KEY=sk_live_4711');
  const [name = ''] = readdirSync(join(folder, 'state/journal'));
  for (const text of [stdout, stderr, readFileSync(join(folder, 'state/journal', name), 'utf8')]) {
    assert.doesNotMatch(text, /hunter2|sk_live|abcdefgh/);
    assert.match(text, /postgres:\/\/ann:••••@db\/shop/);
  }
});

test('a source line that names a secret is no secret', async (t) => {
  const { stderr } = await bench(t, { status: () => Promise.reject(FAILURES.project) }).run('status');
  assert.ok(stderr.includes("STRIPE_KEY = os.environ['STRIPE_KEY']"));
});
