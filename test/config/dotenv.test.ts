import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadEnvFile, parseDotenv } from '../../src/config/dotenv.js';
import { Failure } from '../../src/core/failure.js';
import { everySeed, HOSTILE } from './random.js';

const UNTOUCHED = '$HOME $' + '{X} `id` $(id)';

test('lines of every kind', () => {
  const table: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['', {}],
    ['# only\n\n  # comments', {}],
    ['A=1', { A: '1' }],
    ['A = 1 \nexport B=2\r\n  C=3', { A: '1', B: '2', C: '3' }],
    ['A=\nB=', { A: '', B: '' }],
    ['A=  # nothing', { A: '' }],
    ['A=a#b #c\nB=#x', { A: 'a#b', B: '#x' }],
    [`A=${UNTOUCHED}`, { A: UNTOUCHED }],
    ["A=it's  # fine", { A: "it's" }],
    ['A="a b # c" # d', { A: 'a b # c' }],
    ['A="1\\n2\\t\\"\\\\ \\$x \\q"', { A: '1\n2\t"\\ $x \\q' }],
    ["A='1\\n$x \"'", { A: '1\\n$x "' }],
    ['A="one\ntwo"\nB=3', { A: 'one\ntwo', B: '3' }],
    ["K='-----BEGIN\nabc=\n-----END'\nB=3", { K: '-----BEGIN\nabc=\n-----END', B: '3' }],
    ['A=1\nA=2', { A: '2' }],
    ['A=postgres://u:p#w@h/n?x=1&y=2', { A: 'postgres://u:p#w@h/n?x=1&y=2' }],
    ['A={"a": [1, "b"]}', { A: '{"a": [1, "b"]}' }],
  ];
  for (const [text, variables] of table) assert.deepEqual(parseDotenv(text, '.env'), variables, JSON.stringify(text));
});

test('a name of JavaScript’s own is only a name', () => {
  const variables = parseDotenv('__proto__=x\nconstructor=y', '.env');
  assert.deepEqual(Object.entries(variables), [
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ]);
});

test('mistakes are told with their line and without a value', () => {
  const table: readonly (readonly [string, number, RegExp])[] = [
    ['A=1\nnonsense', 2, /no value for nonsense/],
    ['A=1\n\n# c\n1A=hunter2', 4, /no KEY=VALUE/],
    ['A-B=hunter2', 1, /no KEY=VALUE/],
    ['=hunter2', 1, /no KEY=VALUE/],
    ['A="x\ny\nhunter2', 1, /never closed, in A/],
    ["B=1\nA='hunter2", 2, /never closed, in A/],
    ['A="x" hunter2', 1, /goes on after the closing quote of A/],
    ['A=hunter2\0', 1, /NUL character in A/],
    ['{"A": "hunter2"}', 1, /no KEY=VALUE/],
  ];
  for (const [text, line, problem] of table) {
    assert.throws(
      () => parseDotenv(text, '.env'),
      (error) => {
        assert.ok(error instanceof Failure);
        assert.equal(error.code, 'CONFIG_ENV_FILE');
        assert.ok(error.message.startsWith(`.env:${line}: `), error.message);
        assert.match(error.message, problem);
        assert.doesNotMatch(`${error.message}${error.hint}${error.detail}`, /hunter2/);
        return true;
      },
      JSON.stringify(text),
    );
  }
});

const doubleQuoted = (value: string): string => `"${value.replace(/[\\"]/g, '\\$&')}"`;

test('what is quoted comes back, whatever it holds', () => {
  everySeed(8000, (random) => {
    const first = random.text(HOSTILE, 20);
    const second = random.text(HOSTILE, 20).replaceAll("'", '');
    const text = `# c\nexport A=${doubleQuoted(first)} # c\nB='${second}'\nC=end\n`;
    assert.deepEqual(parseDotenv(text, '.env'), { A: first, B: second, C: 'end' }, `seed ${random.seed}`);
  });
});

test('any text is read or refused, never anything else', () => {
  everySeed(8000, (random) => {
    const text = random.text(`${HOSTILE}AB=="'\n\n`, 40);
    try {
      for (const name of Object.keys(parseDotenv(text, '.env'))) assert.match(name, /^[A-Za-z_]\w*$/);
    } catch (error) {
      assert.ok(error instanceof Failure, `seed ${random.seed}: ${error}`);
    }
  });
});

test('a long value is no trouble', () => {
  const value = 'x\\"'.repeat(300_000);
  assert.equal(parseDotenv(`A="${value}"`, '.env')['A']?.length, 600_000);
});

test('files: a byte order mark, Latin-1, none at all', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-dotenv-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, '.env');
  await writeFile(path, '\ufeffA=é\n');
  assert.deepEqual(await loadEnvFile(path), { A: 'é' });
  await writeFile(path, Buffer.from('A=1\nB=caf\xe9\n', 'latin1'));
  await assert.rejects(loadEnvFile(path), { code: 'CONFIG_ENCODING', message: `${path}:2:6: the file is not UTF-8` });
  await assert.rejects(loadEnvFile(join(folder, 'none')), { code: 'CONFIG_ENV_FILE' });
});
