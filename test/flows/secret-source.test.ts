import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { parseDotenv } from '../../src/config/dotenv.js';
import { environmentConfig } from '../../src/config/environment.js';
import { quoted, readAge, writeAge } from '../../src/flows/age-file.js';
import { openSecrets } from '../../src/flows/secret-file.js';
import { withSource } from '../../src/flows/secret-source.js';
import { localHost } from '../../src/hosts/local.js';

const HARD = "a\"b\\c$d\n\t\r é€😀 #x 'y' `z`";

test('what is written into a file of secrets is read back', () => {
  for (const value of ['', 'plain', HARD, `$\{HOME}`, '\\n', '"', '=', ' lead and trail '])
    assert.deepEqual(parseDotenv(`A=${quoted(value)}\n`, 'x'), { A: value });
});

test('a file of age is opened by its identity alone, and by whom else it is for', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-age-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const at = (name: string) => join(folder, name);
  const [mine, theirs, strangers] = [
    await generateX25519Identity(),
    await generateX25519Identity(),
    await generateX25519Identity(),
  ];
  for (const [name, key] of Object.entries({ mine, theirs, strangers })) writeFileSync(at(name), `# a comment\n${key}\n`);
  const recipients = [await identityToRecipient(mine), await identityToRecipient(theirs)];
  const file = { path: at('secrets.age'), identity: at('mine'), recipients };
  assert.deepEqual(await readAge(file), {});
  await writeAge(file, { B: HARD, A: 'x' });
  assert.match(readFileSync(file.path, 'utf8'), /^-----BEGIN AGE ENCRYPTED FILE-----\n/);
  assert.equal(statSync(file.path).mode & 0o777, 0o600);
  assert.deepEqual(await readAge({ ...file, identity: at('theirs') }), { A: 'x', B: HARD });
  await assert.rejects(readAge({ ...file, identity: at('strangers') }), {
    code: 'SECRETS_UNREADABLE',
    message: /is not opened by the key/,
  });
  await assert.rejects(readAge({ ...file, identity: at('none') }), { code: 'SECRETS_UNREADABLE' });
});

test('a command is asked once for each secret; what Slipway made itself stays with it', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-source-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const store = openSecrets(join(folder, 'secrets.json'));
  const script = 'echo "$1" >> asked; [ "$1" != NONE ] || exit 3; echo "value of $1"';
  const config = environmentConfig(
    {
      env: { KEY: { secret: 'KEY' }, NONE: { secret: 'NONE' } },
      environments: {
        production: { target: 'server', hosts: ['h'], secrets: { command: ['sh', '-c', script, 'sh', '{name}'] } },
      },
    },
    'production',
  );
  const secrets = withSource(store, config, folder, localHost());
  assert.deepEqual([await secrets.resolve('KEY'), await secrets.resolve('KEY')], ['value of KEY', 'value of KEY']);
  assert.equal(readFileSync(join(folder, 'asked'), 'utf8'), 'KEY\n');
  await assert.rejects(secrets.resolve('NONE'), {
    code: 'SECRET_COMMAND_FAILED',
    message: 'sh gave no value for the secret NONE',
  });
  await assert.rejects(secrets.set('KEY', 'x'), { code: 'SECRETS_ELSEWHERE' });
  await secrets.ensure('SECRET_KEY');
  assert.match(await secrets.resolve('SECRET_KEY'), /^[\w-]{64}$/);
  await secrets.set('postgresql.password', 'made');
  assert.equal(await secrets.resolve('postgresql.password'), 'made');
});
