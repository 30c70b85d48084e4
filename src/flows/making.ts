import type { Choices } from '../config/resolve/input.js';
import type { Env } from '../core/command.js';
import type { Project } from '../core/project.js';
import type { Fingerprint } from '../project/fingerprint.js';
import type { App } from './app.js';
import type { BuiltEnvironment } from './build-environment.js';
import type { Context } from './context.js';
import type { Ports } from './ports.js';
import type { BuildTooling } from './tooling.js';

/** What a release is made of, and for whom. */
export interface Making {
  readonly context: Context;
  readonly app: App;
  readonly project: Project;
  readonly tree: Fingerprint;
  readonly choices: Choices;
  readonly python?: string;
  readonly build?: readonly (readonly string[])[];
  readonly placedFiles: Readonly<Record<string, string>>;
  readonly version: string;
  readonly inputs: string;
  readonly ports: Ports;
  readonly domains: readonly string[];
  /** The kind of place it is looked at for; absent: this machine. */
  readonly target?: string;
  readonly tooling: BuildTooling;
  readonly keep: number;
  /** Requirements that slipway.yml adds. */
  readonly pythonPackages?: readonly string[];
  /** What installers are told of further package indexes. */
  readonly indexes?: Env;
  /** Folders of slipway.yml's `keep:`. */
  readonly keptFolders?: readonly string[];
  readonly hooks?: Readonly<Record<string, readonly string[]>>;
  /** Has the environment where it has been made before, in place of making it. */
  readonly bringEnvironment?: () => Promise<BuiltEnvironment>;
  /** False where another host has made the same release: the databases are as it needs them. */
  readonly migrates?: boolean;
  /** True where none of its releases is live: its databases serve nobody yet. */
  readonly first?: boolean;
  /** Called when services are about to take their ports. */
  readonly freeServicePorts?: () => Promise<void>;
}
