import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, describe, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { BROTLI, pinnedRequirements } from '../../src/ops/toolbox-pins.js';
import { pipFor } from '../support/pip.js';

const TOOL = resolve('python/slipway_tools/compress.py');

/** The oldest and the newest Python there are that the toolbox may be made from. */
function pythons(): string[] {
  const pyenv = join(homedir(), '.pyenv/versions');
  const there = (existsSync(pyenv) ? readdirSync(pyenv) : [])
    .filter((one) => /^3\.(8|13)\./.test(one))
    .map((one) => join(pyenv, one, 'bin/python3'));
  return there.length > 0 ? there : ['python3'];
}

/** brotli for that Python, by the toolbox's own pins, in a cache. */
function brotli(python: string): string {
  const tag = execFileSync(python, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']).toString().trim();
  const cache = join(
    process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
    'slipway-test',
    `brotli-${BROTLI.version}-${tag}`,
  );
  if (existsSync(cache)) return cache;
  mkdirSync(dirname(cache), { recursive: true });
  const aside = mkdtempSync(`${cache}-`);
  writeFileSync(join(aside, 'pins.txt'), pinnedRequirements([BROTLI]));
  const [pip, ...words] = pipFor(python);
  execFileSync(pip, [...words, 'install', '-q', '--require-hashes', '-r', join(aside, 'pins.txt'), '--target', aside], {
    stdio: 'ignore',
  });
  if (!existsSync(cache)) renameSync(aside, cache);
  else rmSync(aside, { recursive: true });
  return cache;
}

const CSS = 'body { color: red; background: blue }\n'.repeat(40);

for (const python of pythons()) {
  describe(`compress.py on ${python}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-compress-'));
    const at = (path: string) => join(folder, path);
    const put = (path: string, content: string | Buffer) => {
      mkdirSync(dirname(at(path)), { recursive: true });
      writeFileSync(at(path), content);
    };
    const run = (...args: string[]) => {
      const start = `import runpy, sys; sys.path.append(${JSON.stringify(brotli(python))}); sys.argv = ${JSON.stringify([TOOL, ...args])}; runpy.run_path(sys.argv[0], run_name="__main__")`;
      return JSON.parse(execFileSync(python, ['-I', '-B', '-c', start]).toString()) as Record<string, number>;
    };
    after(() => rmSync(folder, { recursive: true, force: true }));

    test('text is compressed, the rest is not; times and modes are the plain file’s', () => {
      put('r1/plain/static/a b/ü.css', CSS);
      put('r1/plain/static/app.0123456789ab.js', CSS);
      put('r1/plain/static/small.css', 'a{}');
      put('r1/plain/static/picture.png', CSS);
      put(
        'r1/plain/static/noise.txt',
        Buffer.from(Array.from({ length: 3000 }, (_, index) => (index * 7919 * (index % 251)) % 256)),
      );
      symlinkSync(at('r1/plain/static/small.css'), at('r1/plain/static/linked.css'));
      symlinkSync('/nowhere', at('r1/plain/static/dangling.css'));
      utimesSync(at('r1/plain/static/a b/ü.css'), 1_000_000, 1_000_000);
      const said = run('--tree', at('r1'), '--kept', at('kept'));
      assert.equal(said['files'], 6);
      assert.equal(said['reused'], 0);
      assert.ok((said['compressedBytes'] ?? 0) < (said['bytes'] ?? 0));
      for (const [tree, unpack] of [
        ['br', brotliDecompressSync],
        ['gz', gunzipSync],
      ] as const) {
        const packed = at(`r1/${tree}/static/a b/ü.css`);
        assert.equal(unpack(readFileSync(packed)).toString(), CSS);
        assert.equal(statSync(packed).mtimeMs, 1_000_000_000);
        assert.equal(statSync(packed).mode, statSync(at('r1/plain/static/a b/ü.css')).mode);
        for (const not of ['small.css', 'picture.png']) assert.ok(!existsSync(at(`r1/${tree}/static/${not}`)), not);
      }
      assert.deepEqual(readdirSync(at('r1')).sort(), ['br', 'gz', 'index.json', 'plain']);
    });

    test('what an earlier release compressed is linked, not made again', () => {
      put('r2/plain/static/a b/ü.css', CSS);
      put('r2/plain/static/new.0123456789ac.js', `${CSS}new`);
      const said = run('--tree', at('r2'), '--like', at('r1'), '--like', at('gone'), '--kept', at('kept'));
      assert.equal(said['reused'], 1);
      assert.equal(statSync(at('r2/br/static/a b/ü.css')).ino, statSync(at('r1/br/static/a b/ü.css')).ino);
      assert.equal(brotliDecompressSync(readFileSync(at('r2/br/static/new.0123456789ac.js'))).toString(), `${CSS}new`);
    });

    test('hashed files of both releases are kept, others are not, and the old ones outlive their release', () => {
      rmSync(at('r1'), { recursive: true });
      for (const tree of ['plain', 'br', 'gz']) {
        assert.ok(existsSync(at(`kept/${tree}/static/app.0123456789ab.js`)), tree);
        assert.ok(existsSync(at(`kept/${tree}/static/new.0123456789ac.js`)), tree);
      }
      assert.deepEqual(readdirSync(at('kept/plain/static')).sort(), ['app.0123456789ab.js', 'new.0123456789ac.js']);
    });

    test('too much or too old is removed, never what the current release has', () => {
      const said = run('--tree', at('r2'), '--kept', at('kept'), '--kept-bytes', '0');
      assert.deepEqual([said['kept'], said['pruned']], [1, 1]);
      assert.deepEqual(readdirSync(at('kept/br/static')), ['new.0123456789ac.js']);
      put('r3/plain/static/x.css', CSS);
      assert.equal(run('--tree', at('r3'), '--kept', at('kept'), '--kept-days', '1')['pruned'], 0);
      assert.equal(run('--tree', at('r3'), '--kept', at('kept'), '--kept-days', '-1')['pruned'], 1);
      assert.deepEqual(
        readdirSync(at('kept'))
          .sort()
          .filter((name) => name !== 'index.json' && readdirSync(at(`kept/${name}`)).length > 0),
        [],
      );
    });

    test('a run that was killed, a damaged index and an empty tree are no obstacle', () => {
      mkdirSync(at('r2/.br.new/rest'), { recursive: true });
      writeFileSync(at('r2/index.json'), '{"fil');
      writeFileSync(at('kept/index.json'), '');
      assert.equal(run('--tree', at('r2'), '--kept', at('kept'))['files'], 2);
      assert.deepEqual(readdirSync(at('r2')).sort(), ['br', 'gz', 'index.json', 'plain']);
      mkdirSync(at('empty/plain'), { recursive: true });
      assert.deepEqual([run('--tree', at('empty'))['files'], existsSync(at('empty/br'))], [0, true]);
    });

    test('the same name with other content replaces what was kept', () => {
      put('r4/plain/static/new.0123456789ac.js', 'short now');
      run('--tree', at('r4'), '--kept', at('kept'));
      assert.equal(readFileSync(at('kept/plain/static/new.0123456789ac.js'), 'utf8'), 'short now');
      assert.ok(!existsSync(at('kept/br/static/new.0123456789ac.js')), 'the old compressed one is gone');
    });
  });
}
