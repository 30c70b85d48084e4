import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quote } from '../../src/core/command.js';
import { type Escaper, isUnsayable } from './escaper.js';

const MOST_OUTPUT = 256 * 1024 * 1024;

/** `quote`, read by a shell as words of a script. */
const shell = (program: string): Escaper => ({
  name: `quote, ${program}`,
  batch: 20_000,
  write: quote,
  skip: isUnsayable,
  missing: () => (existsSync(program) ? false : `${program} is not there`),
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-words-'));
    return {
      read: async (written) => {
        const script = join(folder, 'script');
        writeFileSync(script, written.map((word) => `printf '%s\\0' ${word}\n`).join(''));
        // An alien home and arguments: what is expanded shows.
        const { status, stdout, stderr } = spawnSync(program, [script, 'one', 'two'], { cwd: folder, maxBuffer: MOST_OUTPUT });
        if (status !== 0) throw new Error(`${program} ended with ${status}: ${String(stderr)}`);
        return String(stdout).split('\0').slice(0, -1);
      },
      close: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
});

export const SHELLS = [shell('/bin/dash'), shell('/bin/bash')];
