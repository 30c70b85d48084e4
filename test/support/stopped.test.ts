import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { ROOT } from './slipway.js';

const importOf = (path: string): string => JSON.stringify(pathToFileURL(join(ROOT, path)).href);

for (const signal of ['SIGKILL', 'SIGTERM'] as const)
  test(`what a runner has started ends with it: ${signal}`, async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-stopped-'));
    context.after(() => rmSync(folder, { recursive: true, force: true }));
    const program = join(folder, 'program.mjs');
    writeFileSync(
      program,
      `import { spawn } from 'node:child_process';
      import { stopped } from ${importOf('dist/test/support/stopped.js')};
      const stop = stopped();
      const sleeper = spawn('sleep', ['300']);
      console.log(sleeper.pid);
      sleeper.on('exit', () => process.exit(stop.aborted ? 130 : 1));`,
    );
    const runner = join(folder, 'runner.mjs');
    const words = `${JSON.stringify(relative(ROOT, program))}, []`;
    writeFileSync(runner, `import { runInGroup } from ${importOf('scripts/run-in-group.mjs')};\nrunInGroup(${words});`);
    const child = spawn(process.execPath, [runner], { stdio: ['ignore', 'pipe', 'inherit'] });
    const closed = new Promise((done) => child.on('exit', done));
    const sleeper = await new Promise<number>((done) => child.stdout.once('data', (text) => done(Number(text))));
    assert.ok(existsSync(`/proc/${sleeper}`));
    child.kill(signal);
    const code = await Promise.race([closed, pause(20_000, 'it goes on', { ref: false })]);
    assert.equal(code, signal === 'SIGTERM' ? 130 : null);
    for (let times = 0; times < 200 && existsSync(`/proc/${sleeper}`); times++) await pause(20);
    assert.equal(existsSync(`/proc/${sleeper}`), false);
  });
