import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Failure } from '../../src/core/failure.js';
import type { CheckResult, LogLine, StatusResult, UpResult, VerifyResult } from '../../src/flows/results.js';
import { assertGolden } from '../support/golden.js';
import { bench, codeAndKind } from './outside.js';

const WARNING = { code: 'placeholder', message: 'STRIPE_KEY is a placeholder', hint: 'slipway secrets set STRIPE_KEY' };

const UP: UpResult = {
  app: 'shop',
  environment: 'local',
  release: '20261121-104512-3f9c2e1',
  url: 'https://localhost:8443/',
  ca: '/state/ca.pem',
  changed: true,
  seconds: 12.3,
  warnings: [WARNING],
};

const MINUTES_AGO = new Date(Date.now() - 3 * 60_000 - 500).toISOString();

const STATUS: StatusResult = {
  app: 'shop',
  environment: 'local',
  state: 'up',
  release: UP.release,
  last: UP.release,
  url: UP.url,
  ca: UP.ca,
  processes: [
    {
      name: 'web',
      kind: 'web',
      command: 'gunicorn shop.wsgi',
      pid: 4711,
      state: 'running',
      since: MINUTES_AGO,
      release: UP.release,
      restarts: 0,
    },
    {
      name: 'worker',
      kind: 'worker',
      command: 'celery -A shop worker',
      pid: null,
      state: 'backoff',
      since: null,
      release: UP.release,
      restarts: 3,
    },
  ],
  services: [{ name: 'postgresql', kind: 'postgresql', version: '15.9', state: 'running', address: '/run/shop/pg' }],
};

const CHECK: CheckResult = {
  app: 'shop',
  project: {
    django: { value: '5.2.1', from: 'requirements.txt:3' },
    settingsModule: { value: 'shop.settings', from: 'manage.py:9' },
    services: { value: ['postgresql', 'redis'], from: 'probe' },
    processes: { value: [{ name: 'worker', argv: ['celery'] }], from: 'Procfile' },
    asgi: { value: null, from: 'default' },
  },
  findings: [
    { id: 'no-email', severity: 'info', message: 'Mail is written to the console', hint: '', where: '', handled: false },
    { id: 'debug-on', severity: 'error', message: 'DEBUG is on', hint: '', where: 'shop/settings.py:20', handled: true },
    {
      id: 'sqlite-writes',
      severity: 'warning',
      message: 'SQLite takes one writer at a time',
      hint: 'set DATABASE_URL',
      where: 'shop/settings.py:80',
      handled: false,
    },
    {
      id: 'migrations-missing',
      severity: 'error',
      message: 'Models have changes that no migration has',
      hint: 'python manage.py makemigrations',
      where: 'shop/models.py',
      handled: false,
    },
  ],
  overrides: [
    { setting: 'DEBUG', reason: 'a debug page shows the source and the settings to everyone' },
    { setting: 'SECURE_SSL_REDIRECT', reason: 'the edge redirects' },
  ],
  warnings: [],
};

test('up tells where the app is on standard error, then each warning once', async (t) => {
  const { run } = bench(t, {
    up: async (context) => {
      context.report({ type: 'warning', warning: WARNING });
      return UP;
    },
  });
  const { code, stdout, stderr } = await run('up');
  assert.deepEqual([code, stdout], [0, '']);
  assertGolden('cli/goldens/up.txt', stderr);
});

test('up of another folder and environment gives commands that work from here', async (t) => {
  const { run, folder } = bench(t, { up: async () => ({ ...UP, changed: false, warnings: [] }) });
  const { mkdirSync } = await import('node:fs');
  mkdirSync(join(folder, "ann's shop"));
  const { stderr } = await run('up', "ann's shop", '-e', 'staging');
  assertGolden('cli/goldens/up-elsewhere.txt', stderr);
});

test('the contract: the result of up', async (t) => {
  const { run } = bench(t, { up: async () => UP });
  const [result, ...more] = (await run('up', '--json')).json();
  assert.deepEqual(more, []);
  const { time, ...fields } = result ?? {};
  assert.match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.deepEqual(fields, { type: 'result', ok: true, command: 'up', ...UP });
});

test('the contract: the result of a failed up', async (t) => {
  const { run } = bench(t, {
    up: async () => {
      throw new Failure('SETTINGS_FAILED', 'project', 'no settings');
    },
  });
  const { code, json } = await run('up', '--json');
  const { time: _, ...fields } = json().at(-1) ?? {};
  assert.equal(code, 4);
  const error = {
    code: 'SETTINGS_FAILED',
    kind: 'project',
    message: 'no settings',
    hint: '',
    detail: '',
    docs: 'docs/errors/SETTINGS_FAILED.md',
  };
  assert.deepEqual(fields, { type: 'result', ok: false, command: 'up', error });
});

test('only commands that change things leave a journal', async (t) => {
  const { run, folder } = bench(t, { up: async () => UP, status: async () => STATUS });
  await run('status');
  assert.equal(existsSync(join(folder, 'state')), false);
  await run('up');
  const [name = ''] = readdirSync(join(folder, 'state/journal'));
  const lines = readFileSync(join(folder, 'state/journal', name), 'utf8')
    .trimEnd()
    .split('\n');
  assert.equal(lines.length, 2);
  const mode = (path: string) => (statSync(join(folder, path)).mode & 0o077).toString(8);
  assert.deepEqual([mode('state/journal'), mode(`state/journal/${name}`)], ['0', '0']);
  assert.equal(mode('state'), (0o077 & ~process.umask()).toString(8), 'services of other users live below it');
});

test('status, for people and for scripts', async (t) => {
  const { run } = bench(t, { status: async () => STATUS });
  assertGolden('cli/goldens/status.txt', (await run('status')).stdout);
  const { time: _, ...fields } = (await run('status', '--json')).json().at(-1) ?? {};
  assert.deepEqual(fields, { type: 'result', ok: true, command: 'status', ...STATUS, warnings: [] });
});

const NOTHING_RUNS = { ...STATUS, release: null, url: null, processes: [], services: [] };

test('status of what is not up', async (t) => {
  const { run } = bench(t, { status: async () => ({ ...NOTHING_RUNS, state: 'never up', last: null }) });
  assert.equal((await run('status')).stdout, '  shop   local   not up\n');
});

test('status of what is down', async (t) => {
  const { run } = bench(t, { status: async () => ({ ...NOTHING_RUNS, state: 'down' }) });
  assert.equal((await run('status')).stdout, `  shop   local   release ${UP.release}   down\n`);
});

test('status of what nobody supervises', async (t) => {
  const { run } = bench(t, { status: async () => ({ ...STATUS, processes: [], services: [] }) });
  assert.equal(
    (await run('status')).stdout,
    `  shop   local   release ${UP.release}   its supervisor is gone: slipway up\n  ${UP.url}\n`,
  );
});

test('check: the project, what is wrong worst first, what is held; exit 4', async (t) => {
  const { run } = bench(t, { check: async () => CHECK });
  const { code, stdout } = await run('check');
  assert.equal(code, 4);
  assertGolden('cli/goldens/check.txt', stdout);
  assertGolden(
    'cli/goldens/check-narrow.txt',
    (await bench(t, { check: async () => CHECK }, { columns: 50 }).run('check')).stdout,
  );
});

test('check --json has every value with its origin, and an error where errors were found', async (t) => {
  const { run } = bench(t, { check: async () => CHECK });
  const result = (await run('check', '--json')).json().at(-1);
  assert.deepEqual(result?.['project'], CHECK.project);
  assert.deepEqual(result?.['findings'], CHECK.findings);
  assert.deepEqual([result?.['ok'], codeAndKind(result)], [false, ['CHECK_FOUND_ERRORS', 'project']]);
});

test('check is content where up holds every error right', async (t) => {
  const findings = CHECK.findings.filter((finding) => finding.severity !== 'error' || finding.handled);
  const { run } = bench(t, { check: async () => ({ ...CHECK, findings }) });
  const { code, json } = await run('check', '--json');
  assert.deepEqual([code, json().at(-1)?.['ok']], [0, true]);
});

const LINES: readonly LogLine[] = [
  { time: '2026-11-21T10:45:12.123Z', process: 'web', level: 'info', message: 'GET / 200', status: 200 },
  {
    time: '2026-11-21T10:45:13.000Z',
    process: 'worker',
    level: 'error',
    message: 'Traceback:\n  boom \x1b[31mred\x1b[0m',
    type: 'x',
  },
];

test('logs print a line each on standard output', async (t) => {
  const { run } = bench(t, {
    logs: async (_context, options, onLine) => {
      assert.deepEqual(options, { process: 'web', follow: true, lines: 5 });
      for (const line of LINES) onLine(line);
      return { app: 'shop', environment: 'local' };
    },
  });
  const { stdout } = await run('logs', 'web', '-f', '-n', '5');
  assert.match(
    stdout,
    /^\d\d:\d\d:12\.123 {2}web {5}GET \/ 200\n\d\d:\d\d:13\.000 {2}worker {2}Traceback:\n {22} {2}boom red\n$/,
  );
  const objects = (await run('logs', 'web', '-f', '-n', '5', '--json')).json();
  assert.deepEqual(
    objects.map(({ type }) => type),
    ['log', 'log', 'result'],
  );
  assert.deepEqual(objects[0], { type: 'log', ...LINES[0] });
  assert.equal(objects[1]?.['app_type'], 'x');
});

test('logs end without a word when nobody reads them any more', async (t) => {
  const it = bench(t, {
    logs: (context) =>
      new Promise((_, reject) => {
        context.signal.addEventListener('abort', () => reject(context.signal.reason));
        it.hangUp();
      }),
  });
  const { code, stderr } = await it.run('logs', '-f');
  assert.deepEqual([code, stderr], [0, '']);
});

test('exec hands on everything after the first word or --, and the exit code', async (t) => {
  const seen: unknown[] = [];
  const { run } = bench(t, {
    exec: async (_context, argv) => {
      seen.push(argv);
      return 7;
    },
  });
  for (const line of ['exec -- python -c x --json -h', 'exec python -c x --json -h']) {
    const { code, stdout, stderr } = await run(...line.split(' '));
    assert.deepEqual([code, stdout, stderr], [7, '', '']);
  }
  assert.deepEqual(seen, Array(2).fill(['python', '-c', 'x', '--json', '-h']));
});

const VERIFIED: VerifyResult = {
  app: 'shop',
  environment: 'local',
  release: UP.release,
  checks: [
    { name: 'HTTP leads to HTTPS', ok: false, problem: '/x?y=1 answered 200 instead of 301 or 308' },
    { name: 'a page over HTTPS', ok: true },
  ],
};

test('verify tells every check, what is wrong last; exit 4', async (t) => {
  const { run } = bench(t, { verify: async () => VERIFIED });
  const { code, stdout } = await run('verify');
  assert.equal(code, 4);
  assertGolden('cli/goldens/verify.txt', stdout);
  const result = (await run('verify', '--json')).json().at(-1);
  assert.deepEqual([result?.['checks'], codeAndKind(result)], [VERIFIED.checks, ['VERIFY_FAILED', 'project']]);
  assert.deepEqual([result?.['app'], result?.['environment'], result?.['release']], ['shop', 'local', UP.release]);
});

test('verify is content when every check is', async (t) => {
  const checks = VERIFIED.checks.filter(({ ok }) => ok);
  const { run } = bench(t, { verify: async () => ({ ...VERIFIED, checks }) });
  assert.deepEqual(await run('verify').then(({ code, stdout }) => [code, stdout]), [
    0,
    '  ✔ a page over HTTPS\n\n  All 1 checks passed\n',
  ]);
});

test('releases', async (t) => {
  const releases = [
    { release: UP.release, current: true, created: MINUTES_AGO, commit: '3f9c2e1aa0b1c2d3', dirty: true },
    { release: '20261120-090000-aaaaaaa', current: false, created: MINUTES_AGO, commit: null, dirty: false },
  ];
  const { run } = bench(t, { releases: async () => ({ app: 'shop', environment: 'local', releases }) });
  assertGolden('cli/goldens/releases.txt', (await run('releases')).stdout);
});

test('doctor names what is missing last, with the command; exit 5', async (t) => {
  const entries = [
    { name: 'postgresql', ok: false, found: 'not found', neededBy: 'DATABASES', mend: 'sudo apt install postgresql' },
    { name: 'python', ok: true, found: '3.12.1', neededBy: 'the project', mend: '' },
  ];
  const { run } = bench(t, { doctor: async () => ({ entries }) });
  const { code, stdout } = await run('doctor');
  assert.equal(code, 5);
  assertGolden('cli/goldens/doctor.txt', stdout);
  const result = (await run('doctor', '--json')).json().at(-1);
  assert.deepEqual([result?.['entries'], codeAndKind(result)], [entries, ['MACHINE_LACKS', 'environment']]);
});

test('init shows what it changes in slipway.yml', async (t) => {
  const { run, folder } = bench(t, {
    init: async (context, { force }) => {
      assert.equal(force, true);
      return { path: join(context.directory, 'slipway.yml'), text: 'app: shop\npython: "3.12"\n', changed: true };
    },
  });
  writeFileSync(join(folder, 'slipway.yml'), 'app: shop\npython: "3.11"\n');
  const { stdout, stderr } = await run('init', '--force');
  assert.equal(stdout, '    app: shop\n  - python: "3.11"\n  + python: "3.12"\n');
  assert.equal(stderr, `  Written: ${folder}/slipway.yml   ·   slipway check\n`);
});

test('a secret comes from standard input and is never printed', async (t) => {
  const kept: unknown[] = [];
  const flows = {
    secretsSet: async (_context: unknown, secret: { name: string; value: string }) => {
      kept.push(secret);
      return { app: 'shop', environment: 'local' };
    },
  };
  const { stdout, stderr } = await bench(t, flows, { input: 'two\nlines\n' }).run('secrets', 'set', 'STRIPE_KEY', '--json');
  assert.deepEqual(kept, [{ name: 'STRIPE_KEY', value: 'two\nlines' }]);
  assert.doesNotMatch(stdout + stderr, /lines/);
  const empty = await bench(t, flows).run('secrets', 'set', 'STRIPE_KEY', '--json');
  assert.deepEqual(codeAndKind(empty.json().at(-1)), ['SECRET_EMPTY', 'usage']);
});

test('a secret that is typed on a terminal is not shown', async (t) => {
  const kept: unknown[] = [];
  const tty = { stdin: true, stderr: true };
  const it = bench(
    t,
    {
      secretsSet: async (_context, secret) => {
        kept.push(secret.value);
        return { app: 'shop', environment: 'local' };
      },
    },
    { tty, input: 'hunter2\r' },
  );
  const { code, stderr } = await it.run('secrets', 'set', 'PASSWORD');
  assert.deepEqual([code, kept], [0, ['hunter2']]);
  assert.match(stderr, /Value of PASSWORD: /);
  assert.doesNotMatch(stderr, /hunter|h2/);
});

const DOWN = { app: 'shop', environment: 'local', release: null };
const ASKED: readonly (readonly [title: string, words: string[], outside: object, yes: boolean])[] = [
  ['--yes is yes', ['--yes'], {}, true],
  ['nobody there is no', [], {}, false],
  ['a terminal that says y is yes', [], { tty: { stdin: true, stderr: true }, input: 'y\n' }, true],
  ['a terminal that says nothing is no', [], { tty: { stdin: true, stderr: true }, input: '\n' }, false],
  ['CI is no, even on a terminal', [], { tty: { stdin: true, stderr: true }, input: 'y\n', env: { CI: '1' } }, false],
  ['--json is no, even on a terminal', ['--json'], { tty: { stdin: true, stderr: true }, input: 'y\n' }, false],
];

for (const [title, words, outside, yes] of ASKED) {
  test(`a question: ${title}`, async (t) => {
    let answer: boolean | undefined;
    const { run } = bench(
      t,
      {
        down: async (context) => {
          answer = await context.confirm('Delete everything?');
          return DOWN;
        },
      },
      outside,
    );
    const { stderr } = await run('down', '--delete-data', ...words);
    assert.equal(answer, yes);
    if (!yes && !('input' in outside)) assert.match(stderr, /--yes/);
  });
}

test('--quiet says nothing of a success and everything of a failure', async (t) => {
  const good = await bench(t, { up: async () => UP }).run('up', '--quiet');
  assert.deepEqual([good.stdout, good.stderr], ['', '']);
  const bad = await bench(t, { up: () => Promise.reject(new Failure('LOCKED', 'conflict', 'taken')) }).run('up', '--quiet');
  assert.match(bad.stderr, /taken/);
});

test('the first Ctrl-C aborts and says so, the second ends the process at once', async (t) => {
  const it = bench(t, {
    up: (context) =>
      new Promise((_, reject) => {
        context.signal.addEventListener('abort', () => {
          it.send('SIGINT');
          assert.deepEqual(it.exits, [130]);
          reject(context.signal.reason);
        });
        it.send('SIGINT');
      }),
  });
  const { code, stderr } = await it.run('up');
  assert.equal(code, 130);
  assert.equal(stderr, '  Stopping, so that nothing is left half done. Once more ends it at once.\n  – Stopped on request\n');
});

test('colours: NO_COLOR, FORCE_COLOR, --no-color, a terminal, none', async (t) => {
  const cases: readonly (readonly [string[], Record<string, string>, boolean, boolean])[] = [
    [[], {}, false, false],
    [[], {}, true, true],
    [[], { NO_COLOR: '1' }, true, false],
    [['--no-color'], {}, true, false],
    [[], { FORCE_COLOR: '1' }, false, true],
    [[], { FORCE_COLOR: '0' }, true, false],
    [[], { FORCE_COLOR: '1', NO_COLOR: '1' }, true, false],
    [[], { TERM: 'dumb' }, true, false],
    [[], { CI: 'true' }, true, false],
  ];
  for (const [words, env, stdout, colored] of cases) {
    const { run } = bench(t, { status: async () => STATUS }, { env, tty: { stdout } });
    assert.equal((await run('status', ...words)).stdout.includes('\x1b['), colored, JSON.stringify([words, env, stdout]));
  }
});
