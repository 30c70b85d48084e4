import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deleteKey, setKey } from '../../src/config/edit.js';
import { parseConfig } from '../../src/config/parse.js';
import { everySeed, HOSTILE } from './random.js';

const FILE = `# The shop.

app: shop # its name
python: "3.12"

# What it needs.
env:
  A: "1" # first
  # The second.
  B: {secret: B}
build: [npm ci]
keep:
- var
`;

test('one key changes, everything else stays', () => {
  assert.equal(setKey(FILE, ['app'], 'store'), FILE.replace('app: shop', 'app: store'));
});

test('a key that was not there', () => {
  const text = setKey(FILE, ['web', 'workers'], 3);
  assert.ok(text.endsWith('keep:\n- var\nweb:\n  workers: 3\n'), text);
  for (const comment of ['# The shop.', '# its name', '# What it needs.', '# first', '# The second.'])
    assert.ok(text.includes(comment), comment);
  assert.equal(parseConfig(text, 'x').config.web?.workers, 3);
});

test('in a file that holds nothing, or nothing at the place', () => {
  assert.equal(setKey('', ['app'], 'shop'), 'app: shop\n');
  assert.equal(setKey('# ours\n', ['app'], 'shop'), '# ours\n\napp: shop\n');
  assert.equal(setKey('web:\n', ['web', 'workers'], 3), 'web:\n  workers: 3\n');
  assert.equal(setKey('', ['environments', 'local', 'env', 'A'], '3.10'), 'environments:\n  local:\n    env:\n      A: "3.10"\n');
  assert.equal(setKey('', ['env', 'A'], { secret: 'A' }), 'env:\n  A: {secret: A}\n');
});

test('line ends, brackets and indentation stay as they are', () => {
  assert.equal(setKey('app: shop\r\nweb: { workers: 3 }\r\n', ['web', 'workers'], 4), 'app: shop\r\nweb: { workers: 4 }\r\n');
  assert.equal(setKey('web:\n    workers: 3\n', ['web', 'threads'], 2), 'web:\n    workers: 3\n    threads: 2\n');
  assert.equal(setKey('keep:\n  - a\n', ['app'], 'x'), 'keep:\n  - a\napp: x\n');
});

test('a key goes, and a map that is empty without it', () => {
  assert.equal(
    deleteKey('app: shop\nenv:\n  A: "1"\n  # B is next\n  B: "2"\n', ['env', 'A']),
    'app: shop\nenv:\n  # B is next\n  B: "2"\n',
  );
  assert.equal(
    deleteKey('app: shop\nenvironments:\n  local:\n    env: {A: "1"}\n', ['environments', 'local', 'env', 'A']),
    'app: shop\n',
  );
  assert.equal(deleteKey('app: shop\n', ['web', 'workers']), 'app: shop\n');
  assert.equal(deleteKey('app: shop\n', ['app']), '');
  assert.equal(deleteKey('# ours\n\napp: shop\n', ['app']), '# ours\n');
});

test('what is shared by an alias is not changed behind its back', () => {
  const text = 'env: &e {A: "1"}\nenvironments:\n  local: {env: *e}\n  staging: {target: server, hosts: [a], env: {<<: *e}}\n';
  assert.throws(() => setKey(text, ['environments', 'local', 'env', 'A'], '2'), { code: 'CONFIG_EDIT' });
  assert.throws(() => deleteKey(text, ['environments', 'local', 'env', 'A']), { code: 'CONFIG_EDIT' });
  assert.throws(() => deleteKey(text, ['environments', 'staging', 'env', 'A']), { code: 'CONFIG_EDIT' });
  const own = parseConfig(setKey(text, ['environments', 'staging', 'env', 'A'], '2'), 'x').config;
  assert.equal(own.environments?.['staging']?.env?.['A'], '2');
  assert.equal(own.env?.['A'], '1');
});

test('nothing wrong is written, and a file that is wrong is not touched', () => {
  assert.throws(() => setKey('app: shop\n', ['app'], 3), { code: 'CONFIG_TYPE' });
  assert.throws(() => setKey('app: shop\n', ['wokers'], 3), { code: 'CONFIG_UNKNOWN_KEY' });
  assert.throws(() => setKey('app: shop\n', ['app', 'name'], 'x'), { code: 'CONFIG_EDIT' });
  assert.throws(() => setKey('wokers: 3\n', ['app'], 'x'), { code: 'CONFIG_UNKNOWN_KEY' });
});

test('any value of a variable is written so that it is read back', () => {
  everySeed(120, (random) => {
    const value = random.text(HOSTILE, 90);
    const text = setKey(FILE, ['env', 'A'], value);
    assert.deepEqual(
      parseConfig(text, 'x').config.env,
      { A: value, B: { secret: 'B' } },
      `seed ${random.seed}: ${JSON.stringify(value)}`,
    );
  });
});

test('texts of several lines in a list are written so that they are read back', () => {
  const words = ['-\nx', '?\nx', ':\nx', 'a:\nb', 'a #\nb', '"\n"'];
  const text = setKey('', ['settings', 'WORDS'], words);
  assert.deepEqual(parseConfig(text, 'x').config.settings, { WORDS: words });
});
