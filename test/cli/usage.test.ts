import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bench, codeAndKind } from './outside.js';

const REFUSED: readonly (readonly [words: string, code: string, told: RegExp])[] = [
  ['upp', 'UNKNOWN_COMMAND', /Unknown command 'upp'\n {4}→ slipway up\n/],
  ['xyzzy', 'UNKNOWN_COMMAND', /→ slipway --help/],
  ['secrets sett A', 'UNKNOWN_COMMAND', /→ slipway secrets set\n/],
  ['up --prot 1', 'UNKNOWN_OPTION', /Unknown option '--prot'\n {4}→ slipway up --port\n/],
  ['--jsno up', 'UNKNOWN_OPTION', /→ slipway --json\n/],
  ['up --port', 'ARGUMENT_MISSING', /→ slipway up --help/],
  ['exec', 'ARGUMENT_MISSING', /→ slipway exec --help/],
  ['up one two', 'ARGUMENT_UNEXPECTED', /→ slipway up --help/],
  ['up --port 0', 'ARGUMENT_INVALID', /--port "0" is no port/],
  ['up --port 65536', 'ARGUMENT_INVALID', /is no port/],
  ['up --port 84x3', 'ARGUMENT_INVALID', /is no port/],
  ['up --http-port -1', 'ARGUMENT_INVALID', /--http-port "-1" is no port/],
  ['up --env FOO', 'ARGUMENT_INVALID', /--env takes KEY=VALUE; has no =/],
  ['up --env 1A=hidden-value', 'ARGUMENT_INVALID', /"1A" is no name of a variable/],
  ['logs -n many', 'ARGUMENT_INVALID', /--lines "many" is no number/],
  ['secrets unset a-b', 'ARGUMENT_INVALID', /is no name for a secret/],
  ['completion tcsh', 'ARGUMENT_INVALID', /tcsh/],
  ['status -e Prod/../x', 'ENVIRONMENT_NAME_INVALID', /is no name for an environment/],
  ['status nowhere', 'DIRECTORY_NONE', /There is no folder ".*\/nowhere"/],
  ['-C nowhere status', 'DIRECTORY_NONE', /nowhere/],
  ['status a-file', 'DIRECTORY_NONE', /This is a file and no folder/],
];

for (const [words, code, told] of REFUSED) {
  test(`refused with exit 2: slipway ${words}`, async (t) => {
    const { run, folder } = bench(t, {});
    writeFileSync(join(folder, 'a-file'), '');
    const people = await run(...words.split(' '));
    assert.equal(people.code, 2);
    assert.equal(people.stdout, '');
    assert.match(people.stderr, told);
    assert.doesNotMatch(people.stderr, /hidden-value/);

    const script = await run('--json', ...words.split(' '));
    assert.equal(script.code, 2);
    const last = script.json().at(-1);
    assert.equal(last?.['ok'], false);
    assert.deepEqual([last?.['type'], codeAndKind(last)], ['result', [code, 'usage']]);
  });
}

for (const path of ['a$b', "a'b", 'a"b', 'a`b', 'a\\b', 'a%b', 'a\nb', 'a\x7fb']) {
  test(`SLIPWAY_HOME with ${JSON.stringify(path)} is refused by name`, async (t) => {
    const { run } = bench(t, {}, { env: { SLIPWAY_HOME: `/tmp/${path}` } });
    const { code, json } = await run('status', '--json');
    assert.equal(code, 2);
    assert.deepEqual(codeAndKind(json().at(-1)), ['HOME_UNUSABLE', 'usage']);
  });
}

test('SLIPWAY_HOME, else the XDG state directory, else below the home folder; always absolute', async (t) => {
  const cases: readonly (readonly [Record<string, string>, string])[] = [
    [{ SLIPWAY_HOME: '/srv/slipway' }, '/srv/slipway'],
    [{ SLIPWAY_HOME: '/srv/with space' }, '/srv/with space'],
    [{ SLIPWAY_HOME: 'here' }, '$CWD/here'],
    [{ SLIPWAY_HOME: '', XDG_STATE_HOME: '/srv/xdg' }, '/srv/xdg/slipway'],
    [{ SLIPWAY_HOME: '', XDG_STATE_HOME: 'relative', HOME: '/home/ann' }, '/home/ann/.local/state/slipway'],
    [{ SLIPWAY_HOME: '' }, '$CWD/.local/state/slipway'],
  ];
  for (const [env, expected] of cases) {
    let home = '';
    const { run, folder } = bench(
      t,
      {
        releases: async (context) => {
          home = context.home;
          return { app: 'a', environment: 'local', releases: [] };
        },
      },
      { env },
    );
    assert.equal((await run('releases')).code, 0);
    assert.equal(home, expected.replace('$CWD', folder));
  }
});

test('options before the command, after it, and in the group mean the same', async (t) => {
  const seen: string[] = [];
  const { run, folder } = bench(t, {
    secretsList: async (context) => {
      seen.push(`${context.directory.slice(folder.length)} ${context.environment}`);
      return { app: 'a', environment: context.environment, secrets: [] };
    },
  });
  mkdirSync(join(folder, 'shop'));
  for (const line of [
    '-C shop -e staging secrets list',
    'secrets list -C shop --environment=staging',
    'secrets -e staging list -Cshop',
    '-e other secrets -e staging list --project shop',
  ]) {
    assert.equal((await run(...line.split(' '))).code, 0, line);
  }
  assert.deepEqual(seen, Array(4).fill('/shop staging'));
});

test('up hands on what it was given, parsed', async (t) => {
  const given: unknown[] = [];
  const { run, folder } = bench(t, {
    up: async (_context, options) => {
      given.push(options);
      throw new Error('enough');
    },
  });
  await run(
    'up',
    '--port',
    '9443',
    '--http-port=9080',
    '--env',
    'A=1',
    '--env',
    'B=x=y',
    '--env',
    'C=',
    '--env-file',
    'one.env',
    '--env-file',
    '/two.env',
    '--superuser',
    'ann',
  );
  await run('up');
  assert.deepEqual(given, [
    {
      port: 9443,
      httpPort: 9080,
      env: { A: '1', B: 'x=y', C: '' },
      envFiles: [join(folder, 'one.env'), '/two.env'],
      superuser: 'ann',
    },
    { env: {}, envFiles: [] },
  ]);
});
