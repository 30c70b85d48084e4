import type { Command } from './command.js';
import type { Step } from './plan.js';
import type { Release } from './release.js';

export interface Tool {
  readonly name: string;
  readonly probe: Command;
  readonly on: 'local' | 'remote';
}

export interface Target<Options> {
  readonly name: string;
  readonly summary: string;
  readonly tools: readonly Tool[];
  hosts(options: Options): readonly string[];
  /** Pure: the same release, after the same predecessor, always gives the same steps. */
  steps(release: Release<Options>, current?: Release<Options>): Step[];
  exec(release: Release<Options>, argv: readonly string[]): Command;
  /** Everything to take away again. */
  remove(release: Release<Options>): Step[];
}
