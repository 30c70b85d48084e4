import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';

const UNIT = join(import.meta.dirname, '..', '..', '..', 'test', 'python', 'unit');

/** Every interpreter of pyenv the runtime is meant for, oldest first, else what the PATH calls python3. */
function interpreters(): string[] {
  const folder = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
  if (!existsSync(folder)) return ['python3'];
  const versions = readdirSync(folder).filter((name) => /^3\.(?:[6-9]|\d\d)(?:\.\d+)?$/.test(name));
  const minor = (name: string) => Number(name.split('.')[1]);
  return versions.length === 0
    ? ['python3']
    : versions.sort((a, b) => minor(a) - minor(b)).map((name) => join(folder, name, 'bin', 'python'));
}

interface Finished {
  readonly code: number;
  readonly output: string;
}

function unittest(python: string): Promise<Finished> {
  const argv = ['-B', '-W', 'error::DeprecationWarning', '-m', 'unittest', 'discover', '-q', '-s', UNIT, '-t', UNIT];
  return new Promise((resolve) => {
    execFile(python, argv, { timeout: 280_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : 1, output: stdout + stderr + (error?.signal ?? '') });
    });
  });
}

describe("the runtime's unit tests pass", { concurrency: 4 }, () => {
  for (const python of interpreters()) {
    test(python, async () => {
      const done = await unittest(python);
      assert.equal(done.code, 0, done.output);
      const ran = /Ran (\d+) tests/.exec(done.output);
      assert.ok(Number(ran?.[1]) > 50, `too few tests ran: ${done.output}`);
    });
  }
});
