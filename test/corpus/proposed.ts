import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { slipway } from '../support/slipway.js';
import type { Rung } from './ladder.js';
import { told } from './said.js';

/** A copy of a checkout with the slipway.yml that its user would write: thrown away after `use`. */
export async function withProposed<T>(
  {
    rung,
    checkout,
    home,
    copies,
  }: { readonly rung: Rung; readonly checkout: string; readonly home: string; readonly copies: string },
  use: (copy: string, filled: readonly string[]) => Promise<T>,
): Promise<T> {
  const parent = mkdtempSync(join(copies, 'copy-'));
  try {
    const copy = join(parent, rung.folder);
    cpSync(checkout, copy, { recursive: true, verbatimSymlinks: true });
    const directory = join(copy, rung.below ?? '');
    const init = await slipway(['init', '-C', directory, '--yes', '--json'], { home });
    if (init.code !== 0) throw new Error(`init: ${told(init, 0)}`);
    const file = join(directory, 'slipway.yml');
    const { text, filled } = fillBlanks(readFileSync(file, 'utf8'), rung.blanks ?? {});
    writeFileSync(file, text);
    if (rung.config !== undefined) appendFileSync(file, `\n${rung.config}`);
    return await use(copy, filled);
  } finally {
    rmSync(parent, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Values in the places that `init` has marked. */
export function fillBlanks(
  text: string,
  values: Readonly<Record<string, string>>,
): { readonly text: string; readonly filled: string[] } {
  const filled: string[] = [];
  const lines = text.split('\n').map((line) => {
    const name = /^ {2}(\S+): {2}# fill in/.exec(line)?.[1];
    const value = name === undefined ? undefined : values[name];
    if (name === undefined || value === undefined) return line;
    filled.push(name);
    return `  ${name}: ${JSON.stringify(value)}`;
  });
  return { text: lines.join('\n'), filled };
}
