import type { Json } from './plan.js';

/**
 * One process as the launcher (`python/slipway_runtime/launch.py`) starts it: a JSON file, mode 0600, so that no value passes through a
 * supervisor's configuration language, a shell, or argv of another program.
 */
export interface ProcessDefinition {
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The whole environment; values may be secrets until written. */
  readonly env: { readonly [name: string]: Json };
  readonly umask?: number;
  /** RLIMIT_NOFILE. */
  readonly descriptors?: number;
  /** RLIMIT_DATA, in bytes. */
  readonly memory?: number;
  /** User to become when started as root. */
  readonly user?: string;
}
