import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openPort } from '../corpus/left-behind.js';
import { TEST_HOME } from '../support/live-app.js';
import { checkLive, listing, processesNaming } from '../support/live-checks.js';
import { slipway } from '../support/slipway.js';
import { portsOf } from '../support/state.js';
import { layOut } from './pypi-projects/lay-out.js';
import { PROJECTS, type PypiProject } from './pypi-projects/projects.js';
import { archive } from './pypi-projects/source.js';

describe('projects from PyPI come up as they are', { concurrency: 2 }, () => {
  for (const project of PROJECTS) {
    test(`${project.name}: ${project.what}`, { timeout: 600_000 }, async (context) => {
      const parent = await mkdtemp(join(tmpdir(), 'slipway-pypi-'));
      try {
        const reason = await live(project, await layOut(project, parent), parent);
        if (reason !== undefined) context.skip(reason);
      } finally {
        await rm(parent, { recursive: true, force: true, maxRetries: 3 });
      }
    });
  }
});

/** Up, looked at and down again; the reason where this machine cannot run it at all. */
async function live(project: PypiProject, directory: string, parent: string): Promise<string | undefined> {
  const home = TEST_HOME;
  try {
    const before = await listing(directory);
    const up = await slipway(['up', directory, '--json'], { home });
    if (/PYTHON_MISSING|NODE_MISSING|PROGRAM_MISSING|rsync: (command )?not found/.test(JSON.stringify(up.result)))
      return JSON.stringify(up.result['error']);
    assert.equal(up.code, 0, `${JSON.stringify(up.result, null, 1)}\n${up.stderr}`);
    const { url, ca } = up.result;
    assert.ok(typeof url === 'string' && typeof ca === 'string');
    const ports = portsOf(home, directory);
    const outcomes = await checkLive({ directory, home, url, ca, httpPort: ports.http }, project);
    const problems = outcomes.filter(({ problem }) => problem !== undefined);
    assert.deepEqual(problems, []);
    assert.deepEqual(await listing(directory), before, 'nothing is written in the project');
    const down = await slipway(['down', directory, '--json'], { home });
    assert.equal(down.code, 0, down.stderr);
    assert.deepEqual(await processesNaming(parent), []);
    assert.deepEqual(await openPort(ports.https, home), []);
    return undefined;
  } finally {
    await slipway(['down', directory, '--delete-data', '--yes'], { home });
  }
}

test('a file that is not what was pinned is refused, wherever it comes from', { timeout: 300_000 }, async () => {
  const cache = await mkdtemp(join(tmpdir(), 'slipway-pypi-cache-'));
  try {
    const [first] = PROJECTS;
    assert.ok(first !== undefined);
    const other = { ...first, sha256: '0'.repeat(64) };
    await assert.rejects(archive(other, cache), /THESE PACKAGES DO NOT MATCH THE HASHES/);
    await appendFile(join(cache, `${first.name}-${first.version}.tar.gz`), 'another file');
    await assert.rejects(archive(first, cache), /is not what is pinned/);
  } finally {
    await rm(cache, { recursive: true });
  }
});
