import type { Choices } from '../config/resolve/input.js';
import type { Env } from '../core/command.js';
import type { App } from './app.js';
import type { UpOptions } from './up.js';

/** What the user decided: slipway.yml, then `--env-file`, then `--env`. */
export interface Decided {
  readonly choices: Choices;
  readonly python?: string;
  readonly build?: readonly (readonly string[])[];
  /** Content by path in the release. */
  readonly placedFiles: Readonly<Record<string, string>>;
  readonly releasesKept: number;
  readonly [key: string]: unknown;
}

export async function decide(app: App, options: UpOptions): Promise<Decided> {
  const env: Record<string, Env[string]> = {};
  for (const [name, value] of Object.entries(options.env)) env[name] = await app.secrets.keep(name, value);
  return { choices: { env }, placedFiles: {}, releasesKept: 5 };
}
