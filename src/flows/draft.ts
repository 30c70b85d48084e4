import type { Env } from '../core/command.js';
import type { Project } from '../core/project.js';
import { bytecodeEnvironment } from '../ops/bytecode.js';
import type { RuntimeRequest } from '../ops/runtime.js';
import type { Fingerprint } from '../project/fingerprint.js';
import { releaseFiles } from '../targets/local/layout.js';
import type { App } from './app.js';

/** A release while it is being made. */
export interface Draft {
  readonly app: App;
  readonly project: Project;
  readonly version: string;
  readonly tree: Fingerprint;
  /** Path of the virtual environment. */
  readonly venv: string;
  readonly environmentKey: string;
}

export const pythonOf = (draft: { readonly venv: string }): string => `${draft.venv}/bin/python`;

/** Working directory of every process, on this machine. */
export function directoryOf(draft: Draft): string {
  const { source } = releaseFiles(draft.app.at, draft.version);
  const below = draft.project.directory.value;
  return below === '' ? source : `${source}/${below}`;
}

/** How the runtime finds the project. `settings` overrides what manage.py would choose. */
export function runtimeRequest(draft: Draft, settings: string | null): RuntimeRequest {
  const { source } = releaseFiles(draft.app.at, draft.version);
  const manage = draft.project.managePy?.value;
  return {
    root: source,
    directory: directoryOf(draft),
    manage: manage === undefined ? null : `${source}/${manage}`,
    settings,
    configuration: draft.project.configuration?.value ?? null,
  };
}

/** The environment of a command of the app: its own, with its interpreter first on the PATH. */
export const withInterpreter = ({ app, venv }: Pick<Draft, 'app' | 'venv'>, env: Env): Env => ({
  ...env,
  ...bytecodeEnvironment(app.writesBytecode),
  VIRTUAL_ENV: venv,
  PATH: `${venv}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
});
