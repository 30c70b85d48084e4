import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseConfig } from '../../src/config/parse.js';
import { Failure } from '../../src/core/failure.js';
import { init } from '../../src/flows/init.js';
import { PLAIN, projectContext } from './context.js';

test('slipway.yml is written with what was detected and a blank for what nobody can know', async (context) => {
  const shop = await projectContext(context, PLAIN);
  const { path, text, changed } = await init(shop, { force: false });
  assert.ok(changed);
  assert.equal(path, join(shop.directory, 'slipway.yml'));
  assert.equal(await readFile(path, 'utf8'), text);
  assert.match(text, /^#settings_module: shop\.settings/m);
  assert.match(text, /^ {2}SHOP_LICENCE: {2}# fill in: read at shop\/settings\.py:4$/m);
  assert.ok(!/^ +SECRET_KEY/m.test(text), 'what Slipway makes itself is no blank');
  assert.deepEqual((await readdir(shop.directory)).sort(), [...['manage.py', 'requirements.txt', 'shop'], 'slipway.yml']);
});

test('The file it writes is one that Slipway reads, once the blanks are filled', async (context) => {
  const { text } = await init(await projectContext(context, PLAIN), { force: false });
  assert.doesNotThrow(() => parseConfig(text.replace('SHOP_LICENCE:', 'SHOP_LICENCE: abc'), 'slipway.yml'));
});

test('A file that is there is refused without --force and written over with it', async (context) => {
  const shop = await projectContext(context, { ...PLAIN, 'slipway.yml': 'app: mine\n' });
  await assert.rejects(init(shop, { force: false }), (error) => error instanceof Failure && error.code === 'CONFIG_EXISTS');
  assert.equal(await readFile(join(shop.directory, 'slipway.yml'), 'utf8'), 'app: mine\n');
  const { changed } = await init(shop, { force: true });
  assert.ok(changed);
  assert.match(await readFile(join(shop.directory, 'slipway.yml'), 'utf8'), /^app: mine$/m);
});

test('What the file decides stays decided when it is written over, and blanks that are filled are none', async (context) => {
  const written = `settings_module: shop.settings
build: [make assets]
env: {SHOP_LICENCE: {secret: LICENCE}, SHOP_MODE: , WORKERS: 4}
environments: {production: {target: server, hosts: [deploy@203.0.113.10], domains: [shop.example]}}
`;
  const shop = await projectContext(context, { ...PLAIN, 'slipway.yml': written });
  const { text } = await init(shop, { force: true });
  assert.ok(!text.includes('fill in'), text);
  const { config } = parseConfig(text, 'slipway.yml');
  assert.deepEqual(config, {
    settings_module: 'shop.settings',
    build: [['make', 'assets']],
    env: { SHOP_LICENCE: { secret: 'LICENCE' }, WORKERS: '4' },
    environments: { production: { target: 'server', hosts: ['deploy@203.0.113.10'], domains: ['shop.example'] } },
  });
});

test('A file that cannot be read as one of Slipway is written over with --force', async (context) => {
  const shop = await projectContext(context, { ...PLAIN, 'slipway.yml': 'app: [\n' });
  const { text } = await init(shop, { force: true });
  assert.match(text, /^#app: shop/m);
});

test('The other spelling of the name is found too', async (context) => {
  const shop = await projectContext(context, { ...PLAIN, 'slipway.yaml': 'app: mine\n' });
  await assert.rejects(
    init(shop, { force: false }),
    (error) => error instanceof Failure && error.message.includes('slipway.yaml'),
  );
});

test('The same again changes nothing', async (context) => {
  const shop = await projectContext(context, PLAIN);
  await init(shop, { force: false });
  assert.equal((await init(shop, { force: false })).changed, false);
});

test('A variable that only the run of the settings named is a blank as well', async (context) => {
  const shop = await projectContext(context, PLAIN);
  const { openApp } = await import('../../src/flows/app.js');
  const { at, host } = await openApp(shop);
  const failure = {
    code: 'VARIABLE_MISSING',
    kind: 'project',
    message: 'x',
    hint: 'slipway up --env COMPUTED_NAME=…',
    where: 'shop/settings.py:9',
  };
  await host.write(`${at.state}/check/evidence.json`, JSON.stringify({ key: 'x', gathered: { evidence: { failure } } }));
  const { text } = await init(shop, { force: false });
  assert.match(text, /^ {2}COMPUTED_NAME: {2}# fill in: read at shop\/settings\.py:9$/m);
});

test('A folder without a project says what was looked for, and nothing is written', async (context) => {
  const empty = await projectContext(context, { 'readme.txt': 'x' });
  await assert.rejects(init(empty, { force: false }), (error) => error instanceof Failure && error.code === 'PROJECT_NONE');
  assert.deepEqual(await readdir(empty.directory), ['readme.txt']);
});

test('init writes through no name that leads elsewhere', async (context) => {
  const shop = await projectContext(context, PLAIN);
  const outside = join(shop.directory, '..', 'outside.yml');
  await writeFile(outside, 'kept\n');
  await shop.host.link(join(shop.directory, 'slipway.yml'), outside);
  await init(shop, { force: true });
  assert.equal(await readFile(outside, 'utf8'), 'kept\n');
});
