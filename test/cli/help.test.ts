import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertGolden } from '../support/golden.js';
import { bench } from './outside.js';

const COMMANDS = [
  '',
  'up',
  'check',
  'down',
  'status',
  'logs',
  'exec',
  'releases',
  'rollback',
  'verify',
  'init',
  'secrets',
  'secrets set',
  'secrets list',
  'secrets unset',
  'doctor',
  'trust',
  'completion',
];

for (const command of COMMANDS) {
  test(`help of slipway ${command}`, async (t) => {
    const words = command === '' ? [] : command.split(' ');
    const { code, stdout, stderr } = await bench(t, {}).run(...words, '--help');
    assert.equal(code, 0);
    assert.equal(stderr, '');
    assertGolden(`cli/goldens/help${words.map((word) => `-${word}`).join('')}.txt`, stdout);
  });
}

test('the contract: every command takes the options that are promised for all', async (t) => {
  for (const command of COMMANDS.filter((name) => name !== '')) {
    const { stdout } = await bench(t, {}).run(...command.split(' '), '-h');
    for (const option of [
      '-C, --project <',
      '-e, --environment <',
      '--json',
      '--quiet',
      '--verbose',
      '--no-color',
      '--yes',
      '-h, --help',
    ]) {
      assert.ok(stdout.includes(option), `${command}: ${option}`);
    }
    assert.ok(command === 'secrets' || stdout.includes('Examples:'), command);
  }
});

test('help of a command by its other name, and the version', async (t) => {
  const { run } = bench(t, {});
  assert.equal((await run('help', 'up')).stdout, (await run('up', '--help')).stdout);
  assert.match((await run('--version')).stdout, /^\d+\.\d+\.\d+\n$/);
});

test('no command at all is a usage error with the help', async (t) => {
  const { code, stdout, stderr } = await bench(t, {}).run();
  assert.equal(code, 2);
  assert.equal(stdout, '');
  assert.match(stderr, /^Usage: slipway/);
});

test('help on a terminal that does not know UTF-8 is ASCII', async (t) => {
  const { run } = bench(t, {}, { env: { LANG: 'C' } });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is ASCII
  assert.match((await run('--help')).stdout, /^[\x00-\x7f]+$/);
});
