import assert from 'node:assert/strict';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Visitor } from '../../support/browserless.js';
import { example, liveProject, TEST_HOME } from '../../support/live-app.js';
import { listing } from '../../support/live-checks.js';
import { refusedWith } from '../../support/serving.js';
import { type Ran, slipway } from '../../support/slipway.js';

/** Folders of every kind: what can be worked on works, the rest is refused by name; nothing of them ever reaches a shell. */
function folder(): string {
  return mkdtempSync(join(tmpdir(), 'slipway-folder-'));
}

/** `up` of a folder, looked at, and taken away again. */
async function comesUp(args: readonly string[], cwd: string, seen?: (ran: Ran) => void | Promise<void>): Promise<void> {
  try {
    const ran = await slipway(['up', '--json', ...args], { home: TEST_HOME, cwd });
    assert.equal(ran.code, 0, `${JSON.stringify(ran.result)}\n${ran.stderr}`);
    const page = await new Visitor(String(ran.result['ca'])).visit(String(ran.result['url']));
    assert.equal(page.status, 200, page.text.slice(0, 500));
    assert.match(page.text, /Mill Lane/);
    await seen?.(ran);
  } finally {
    await slipway(['down', '--delete-data', '--yes', ...args], { home: TEST_HOME, cwd });
  }
}

test('no project here: what was looked for, and where', async () => {
  const here = folder();
  mkdirSync(join(here, 'docs'));
  writeFileSync(join(here, 'docs/index.md'), '# no project\n');
  refusedWith(await slipway(['up', '--json', here], { home: TEST_HOME }), {
    exit: 4,
    code: 'PROJECT_NONE',
    detail: /Looked for a manage\.py/,
    hint: /slipway up/,
  });
  rmSync(here, { recursive: true });
});

test('several projects: the list to choose from', async () => {
  const here = folder();
  for (const name of ['shop', 'blog']) cpSync(example('allotment'), join(here, name), { recursive: true });
  const error = refusedWith(await slipway(['up', '--json', here], { home: TEST_HOME }), { exit: 4, code: 'PROJECT_SEVERAL' });
  const said = `${error.message}\n${error.detail}\n${error.hint}`;
  assert.ok(said.includes('shop') && said.includes('blog'), said);
  assert.match(error.hint, /slipway up/);
  rmSync(here, { recursive: true });
});

const NAMES = [`it's "q" $HOME \`id\` %s {0} %(x)s`, 'gärten 花園 🌱 new\nline\ttab', '-rf $(touch SHELL) ; touch SHELL #'];

for (const name of NAMES) {
  test(`a project in a folder named ${JSON.stringify(name)}`, async () => {
    const parent = folder();
    cpSync(example('allotment'), join(parent, name), { recursive: true });
    await comesUp([`--project=${name}`], parent);
    assert.deepEqual(readdirSync(parent), [name], 'no shell has made a file');
    rmSync(parent, { recursive: true });
  });
}

test('a folder that is a symlink is the folder it leads to, and one that is read-only stays as it is', async () => {
  const parent = folder();
  const real = join(parent, 'real');
  cpSync(example('allotment'), real, { recursive: true });
  symlinkSync('real', join(parent, 'link'));
  const paths = readdirSync(real, { recursive: true, withFileTypes: true });
  for (const entry of paths) chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o555 : 0o444);
  chmodSync(real, 0o555);
  const before = await listing(real);
  await comesUp(['link'], parent, async ({ result }) => {
    const direct = await slipway(['up', '--json', 'real'], { home: TEST_HOME, cwd: parent });
    assert.deepEqual([direct.result['changed'], direct.result['release']], [false, result['release']]);
  });
  assert.deepEqual(await listing(real), before);
  for (const entry of paths) if (entry.isDirectory()) chmodSync(join(entry.parentPath, entry.name), 0o755);
  chmodSync(real, 0o755);
  rmSync(parent, { recursive: true });
});

const ENV_FILE = `# a comment
PLAIN=plain
SHELL_WORD=$(touch SHELL)
BACKTICK=\`touch SHELL\`
SEMICOLON=a; touch SHELL
QUOTED="two  words $HOME"
SINGLE='it is $HOME'
UNICODE=gärten
EMPTY=
export EXPORTED=yes
not a line of an env file at all ((
=nothing
`;

test('a project’s own .env with anything in it, and files with hostile names', async () => {
  const parent = folder();
  const directory = join(parent, 'shop');
  cpSync(example('allotment'), directory, { recursive: true });
  writeFileSync(join(directory, '.env'), ENV_FILE);
  mkdirSync(join(directory, 'plots/static/plots/odd'));
  for (const name of [
    'a b.css',
    "it's.css",
    '$(touch SHELL).css',
    'new\nline.css',
    '-rf.css',
    'é花.css',
    '"q".css',
    ';touch SHELL;.css',
  ])
    writeFileSync(join(directory, 'plots/static/plots/odd', name), 'p { color: red }\n');
  writeFileSync(Buffer.concat([Buffer.from(`${directory}/plots/`), Buffer.from([0xff, 0xfe]), Buffer.from('.txt')]), 'bytes\n');
  await comesUp(['shop'], parent, async ({ result }) => {
    const visitor = new Visitor(String(result['ca']));
    const page = await visitor.ask(
      new URL(`/static/plots/odd/${encodeURIComponent('$(touch SHELL).css')}`, String(result['url'])).href,
    );
    assert.equal(page.status, 200);
  });
  assert.deepEqual(readdirSync(parent), ['shop']);
  assert.equal(existsSync(join(directory, 'SHELL')), false);
  rmSync(parent, { recursive: true });
});

test('--env-file: values are values, what cannot be one is refused with its line', async () => {
  const project = liveProject(example('allotment'));
  const given = join(project.directory, '..', 'given.env');
  try {
    writeFileSync(given, 'GREETING=$(touch SHELL) `id` "$HOME" ; rm -rf x\nSPACED="a  b"\nHASH="a # b"\n');
    await project.up('--env-file', given);
    const told = await project.run(
      ['exec', '--', 'python', '-c', 'import os; print([os.environ[n] for n in ("GREETING", "SPACED", "HASH")])'].filter(
        (word) => word !== '',
      ),
    );
    assert.equal(told.code, 0, told.stderr);
    assert.ok(told.stdout.includes(`'$(touch SHELL) \`id\` "$HOME" ; rm -rf x', 'a  b', 'a # b'`), told.stdout);
    for (const [content, line] of [
      ['FINE=1\nBAD=a\0b\n', 2],
      ['no equals sign here\n', 1],
      ['BAD NAME=1\n', 1],
      ['OPEN="never closed\n', 1],
    ] as const) {
      writeFileSync(given, content);
      const error = refusedWith(await project.run(['up', '--json', '--env-file', given]), { exit: 3, code: 'CONFIG_ENV_FILE' });
      assert.match(`${error.message}\n${error.detail}`, new RegExp(`given\\.env:${line}`), JSON.stringify(error));
    }
  } finally {
    await project.end();
  }
});

test('a project that is moved is another app, and one that is gone is told so', async () => {
  const parent = folder();
  cpSync(example('allotment'), join(parent, 'one'), { recursive: true });
  renameSync(join(parent, 'one'), join(parent, 'two'));
  refusedWith(await slipway(['up', '--json', join(parent, 'one')], { home: TEST_HOME }), {
    exit: 2,
    code: 'DIRECTORY_NONE',
    message: /one/,
  });
  rmSync(parent, { recursive: true });
});

test('100,000 files', { timeout: 400_000 }, async (context) => {
  const parent = folder();
  const directory = join(parent, 'large');
  cpSync(example('allotment'), directory, { recursive: true });
  for (let at = 0; at < 200; at++) {
    mkdirSync(join(directory, 'data', String(at)), { recursive: true });
    for (let file = 0; file < 500; file++) writeFileSync(join(directory, 'data', String(at), `${file}.txt`), `${at} ${file}\n`);
  }
  // What a machine that is busy with other things needs for the least that has to be done.
  const began = performance.now();
  cpSync(directory, join(parent, 'copy'), { recursive: true });
  const copying = (performance.now() - began) / 1000;
  rmSync(join(parent, 'copy'), { recursive: true });
  await comesUp(['large'], parent, async ({ result }) => {
    const again = await slipway(['up', '--json', 'large'], { home: TEST_HOME, cwd: parent });
    assert.equal(again.result['changed'], false);
    writeFileSync(join(directory, 'data/0/0.txt'), 'changed\n');
    const changed = await slipway(['up', '--json', 'large'], { home: TEST_HOME, cwd: parent });
    assert.equal(changed.result['changed'], true);
    const seconds = [result, again.result, changed.result].map((each) => Number(each['seconds']));
    context.diagnostic(`100,000 files: first ${seconds[0]} s, nothing changed ${seconds[1]} s, one changed ${seconds[2]} s`);
    assert.ok(
      seconds.every((each) => each < Math.max(60, copying * 6)),
      `${seconds} s, and a plain copy ${copying} s`,
    );
  });
  rmSync(parent, { recursive: true });
});
