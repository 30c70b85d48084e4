import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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

/** Its findings, each by name. */
function findings(file: string): string[] {
  const run = spawnSync('python3', ['-m', 'gixy', '-f', 'json', file], { env: { ...process.env, PYTHONPATH: gixy() } });
  const found: unknown = JSON.parse(run.stdout.toString() || 'null');
  if (!Array.isArray(found)) throw new Error(`gixy said ${run.stdout}${run.stderr}`);
  return found.map((one: { plugin?: string }) => String(one.plugin));
}

for (const { name, program } of nginxPrograms()) {
  test(`gixy finds nothing in the configuration for ${name}`, async () => {
    const edge = await Edge.start(program, (_, response) => response.end(), {
      cache: { seconds: 1, paths: ['/'] },
      loginPaths: ['/admin/login/'],
      hstsSeconds: 3600,
    });
    try {
      const file = join(edge.folder, 'edge/nginx.conf');
      assert.deepEqual(findings(file), []);
      writeFileSync(
        file,
        readFileSync(file, 'utf8').replace('server_tokens off;', '').replace('$host$slipway_port;', '$http_host;'),
      );
      assert.deepEqual(findings(file).sort(), ['host_spoofing', 'version_disclosure']);
    } finally {
      await edge.stop();
    }
  });
}
