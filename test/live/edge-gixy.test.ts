import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { Edge, nginxPrograms } from '../support/edge.js';

const VERSION = '0.2.59';

/** gixy in a cached environment of its own, made once. */
function gixy(): string {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'slipway-test', `gixy-ng-${VERSION}`);
  if (!existsSync(cache)) {
    mkdirSync(dirname(cache), { recursive: true });
    const aside = mkdtempSync(`${cache}-`);
    execFileSync('python3', ['-m', 'pip', 'install', '-q', '--target', aside, `gixy-ng==${VERSION}`]);
    if (existsSync(cache)) rmSync(aside, { recursive: true });
    else renameSync(aside, cache);
  }
  return cache;
}

for (const { name, program } of nginxPrograms()) {
  test(`gixy finds nothing in the configuration for ${name}`, async () => {
    const edge = await Edge.start(program, (_, response) => response.end(), {
      cache: { seconds: 1, paths: ['/'] },
      loginPaths: ['/admin/login/'],
      hstsSeconds: 3600,
    });
    try {
      const run = spawnSync('python3', ['-m', 'gixy', '-f', 'json', join(edge.folder, 'edge/nginx.conf')], {
        env: { ...process.env, PYTHONPATH: gixy() },
      });
      assert.deepEqual(JSON.parse(run.stdout.toString() || '"nothing was said"'), [], run.stderr.toString());
    } finally {
      await edge.stop();
    }
  });
}
