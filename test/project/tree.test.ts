import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { hasRawBytes, nameFromBytes, nameToBytes } from '../../src/core/path-name.js';
import { fingerprint } from '../../src/project/fingerprint.js';
import { readCommit, readTracked } from '../../src/project/git.js';
import { readTree } from '../../src/project/tree.js';
import { withTree } from './trees.js';

const paths = async (root: string): Promise<string[]> => (await readTree(root)).files.map((file) => file.path);

test('caches, version control and virtual environments of any name are left out; ignored files are not', async () => {
  const files = {
    'manage.py': '',
    '.env': 'A=1',
    'my env/pyvenv.cfg': '',
    'my env/lib/x.py': '',
    'conda/conda-meta/history': '',
    'venv/not_an_environment.py': '',
    '.git/HEAD': '',
    'sub/.git': 'gitdir: elsewhere',
    'node_modules/x/index.js': '',
    'a/__pycache__/x.pyc': '',
    'a/x.pyc': '',
    '.idea/x.xml': '',
  };
  await withTree(files, async (root) => {
    assert.deepEqual(await paths(root), ['.env', 'manage.py', 'venv/not_an_environment.py']);
  });
});

test('names with quotes, newlines, and bytes that are no UTF-8 survive', async () => {
  await withTree({ 'a "b"\n$c.txt': '1' }, async (root) => {
    const raw = Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x66, 0xff, 0xc3, 0x28, 0x2e, 0x70, 0x79])]);
    writeFileSync(raw, 'content');
    const tree = await readTree(root);
    const odd = tree.files.find((file) => hasRawBytes(file.path));
    assert.equal(tree.files.length, 2);
    assert.equal(tree.text(odd?.path ?? ''), 'content');
    assert.deepEqual(Buffer.from(nameToBytes(odd?.path ?? '')), raw.subarray(root.length + 1));
    const { files } = await fingerprint(root, join(root, '..', `cache-${process.pid}`));
    assert.equal(files.length, 2);
    rmSync(join(root, '..', `cache-${process.pid}`), { force: true });
  });
});

test('any bytes make a name and come back', () => {
  for (let seed = 1; seed < 500; seed += 1) {
    const bytes = Uint8Array.from({ length: seed % 23 }, (_, at) => (seed * 31 + at * at * 17 + ((seed * at) >> 2)) & 255);
    assert.deepEqual(nameToBytes(nameFromBytes(bytes)), bytes);
  }
  for (const name of ['plain', 'grün', '日本語', '🚀', '\u{10ffff}']) {
    assert.equal(nameFromBytes(Buffer.from(name)), name);
    assert.equal(hasRawBytes(name), false);
  }
});

test('links are kept as links; those that leave the tree or point at nothing are told', async () => {
  await withTree({ 'real/file.txt': 'x' }, async (root) => {
    symlinkSync('real', join(root, 'inside'));
    symlinkSync('/etc', join(root, 'outside'));
    symlinkSync('gone', join(root, 'dangling'));
    const tree = await readTree(root);
    assert.deepEqual(
      tree.files.map((file) => [file.path, file.link]),
      [
        ['dangling', 'gone'],
        ['inside', 'real'],
        ['outside', '/etc'],
        ['real/file.txt', undefined],
      ],
    );
    assert.deepEqual(tree.notes.map((note) => note.from).sort(), ['dangling', 'outside']);
  });
});

test('a pipe is told and never waited for', async () => {
  await withTree({ 'a.txt': 'x' }, async (root) => {
    execFileSync('mkfifo', [join(root, 'pipe.py')]);
    const tree = await readTree(root);
    assert.deepEqual(
      tree.files.map((file) => file.path),
      ['a.txt'],
    );
    assert.match(tree.notes[0]?.value ?? '', /pipe\.py is neither file nor folder/);
  });
});

test('a fingerprint changes with content, mode, name and links, and with nothing else', async () => {
  await withTree({ 'a.txt': 'one', 'b/c.txt': 'two' }, async (root) => {
    const cache = join(mkdtempSync(join(tmpdir(), 'slipway-cache-')), 'deep', 'cache');
    const take = async (): Promise<string> => (await fingerprint(root, cache)).fingerprint;
    const seen = new Set<string>();
    const first = await take();
    assert.equal(await take(), first);
    const past = new Date(Date.now() - 60_000);
    utimesSync(join(root, 'a.txt'), past, past);
    assert.equal(await take(), first, 'time alone');
    const changes = [
      () => writeFileSync(join(root, 'a.txt'), 'uno'),
      () => chmodSync(join(root, 'a.txt'), 0o755),
      () => writeFileSync(join(root, 'empty.txt'), ''),
      () => symlinkSync('a.txt', join(root, 'link')),
      () => rmSync(join(root, 'empty.txt')),
      () => {
        rmSync(join(root, 'link'));
        writeFileSync(join(root, 'link'), 'a.txt');
      },
    ];
    seen.add(first);
    for (const change of changes) {
      change();
      const now = await take();
      assert.equal(seen.has(now), false, String(change));
      seen.add(now);
      assert.equal(await take(), now);
    }
    rmSync(join(cache, '..', '..'), { recursive: true });
  });
});

test('a cache full of nonsense is no harm', async () => {
  await withTree({ 'a.txt': 'one' }, async (root) => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-cache-'));
    const clean = await fingerprint(root, join(folder, 'none'));
    for (const content of ['', '{', '\0\0', `${'0'.repeat(64)}\tx\t"a.txt"`, `${'0'.repeat(64)}\tx\t{`, 'a\tb']) {
      writeFileSync(join(folder, 'cache'), content);
      assert.equal((await fingerprint(root, join(folder, 'cache'))).fingerprint, clean.fingerprint);
    }
    rmSync(folder, { recursive: true });
  });
});

test('commit and tracked files agree with git, in every index version, packed or loose, in a folder below and in a linked work tree', async () => {
  await withTree(
    { 'a.txt': '1', 'sub/b c.txt': '2', 'sub/ü.txt': '3', [`long/${'x'.repeat(200)}.txt`]: '4', 'new.txt': '5' },
    (root) => {
      const git = (...args: string[]): string =>
        execFileSync(
          'git',
          ['-C', root, '-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false', ...args],
          { encoding: 'utf8' },
        );
      git('init', '-q', '-b', 'main');
      git('add', 'a.txt', 'sub', 'long');
      git('commit', '-q', '-m', 'one');
      const head = git('rev-parse', 'HEAD').trim();
      const real = realpathSync(root);
      for (const version of ['2', '3', '4']) {
        git('update-index', '--index-version', version);
        const listed = git('ls-files', '-z')
          .split('\0')
          .filter((name) => name !== '');
        assert.deepEqual([...(readTracked(real) ?? [])].sort(), listed.sort(), `index version ${version}`);
      }
      assert.deepEqual([...(readTracked(join(real, 'sub')) ?? [])].sort(), ['b c.txt', 'ü.txt']);
      assert.equal(readCommit(real), head);
      git('pack-refs', '--all');
      assert.equal(readCommit(real), head);
      git('worktree', 'add', '-q', join(root, 'linked'), '-b', 'other');
      assert.equal(readCommit(join(real, 'linked')), head);
      git('checkout', '-q', '--detach');
      assert.equal(readCommit(join(real, 'sub')), head);
    },
  );
});

test('without a repository there is no commit', async () => {
  await withTree({ 'a.txt': '1' }, (root) => {
    mkdirSync(join(root, '.git'));
    assert.equal(readCommit(root), undefined);
    assert.equal(readTracked(root), undefined);
  });
});
