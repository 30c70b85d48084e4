import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Env } from '../../src/core/command.js';
import type { Event } from '../../src/core/event.js';
import type { Step } from '../../src/core/plan.js';
import type { Dependencies } from '../../src/core/project.js';
import { apply } from '../../src/engine/apply.js';
import { localHost } from '../../src/hosts/local.js';
import { type Interpreter, interpreterQuery, parseInterpreters } from '../../src/ops/interpreters.js';
import { series } from '../../src/ops/python.js';
import { chooseToolboxPython, type EmbeddedTool, toolboxSteps } from '../../src/ops/toolbox.js';
import {
  type EnvironmentPaths,
  type EnvironmentSpec,
  environmentPaths,
  environmentSteps,
} from '../../src/targets/local/environment.js';

const repository = new URL('../../../', import.meta.url).pathname;
export const scripts = join(repository, 'python/slipway_tools');
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What steps did: `same` or `done` by step id, and every line they said. */
export interface Done {
  readonly steps: Readonly<Record<string, string>>;
  readonly output: string;
}

export async function perform(steps: readonly Step[], signal?: AbortSignal): Promise<Done> {
  const did: Record<string, string> = {};
  const lines: string[] = [];
  const report = (event: Event): void => {
    if (event.type === 'same' || event.type === 'done') did[event.step] = event.type;
    if (event.type === 'output') lines.push(event.line);
  };
  const host = localHost();
  await apply(steps, () => host, report, signal);
  return { steps: did, output: lines.join('\n') };
}

/** The lock files of these tests want one of them. */
const MODERN = ['3.12', '3.13', '3.14'];

/** Why tests that want a modern Python cannot run here; false where they can. */
export function modernPythonMissing(): string | false {
  const [program = '', ...args] = interpreterQuery().argv.map(String);
  const found = parseInterpreters(execFileSync(program, args, { encoding: 'utf8' }));
  return found.some(({ version }) => MODERN.includes(series(version))) ? false : `needs Python ${MODERN.join(', ')}`;
}

/** A home with spaces and quotes in its path, and projects beside it; all gone at the end. */
export class Lab {
  readonly root = mkdtempSync(join(tmpdir(), 'slipway env-'));
  readonly home = join(this.root, "it's a home");
  interpreters: readonly Interpreter[] = [];

  async open(): Promise<void> {
    const { stdout } = await localHost().exec(interpreterQuery());
    this.interpreters = parseInterpreters(stdout);
  }

  close(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  tools(wanted: readonly EmbeddedTool[] = [], env: Env = {}, home = this.home): Promise<Done> {
    const python = chooseToolboxPython(this.interpreters).path;
    return perform(toolboxSteps(home, wanted, { host: 'local', python, scripts, env }));
  }

  /** The installed interpreter of a series, undefined where this machine has none. */
  python(wanted: string): Interpreter | undefined {
    return this.interpreters.find((one) => series(one.version) === wanted);
  }

  /** A project of these files, or of a folder of files. */
  project(name: string, files: Readonly<Record<string, string>> | URL): string {
    const root = join(this.root, `project ${name}`);
    mkdirSync(root, { recursive: true });
    if (files instanceof URL) cpSync(files.pathname, root, { recursive: true });
    else
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), content);
      }
    return root;
  }

  spec(key: string, source: string, dependencies: Partial<Dependencies>, more: Partial<EnvironmentSpec> = {}): EnvironmentSpec {
    const files = dependencies.files ?? [];
    const names = dependencies.inputs ?? files;
    const [interpreter] = MODERN.flatMap((wanted) => this.python(wanted) ?? []);
    if (interpreter === undefined) throw new Error(`needs Python ${MODERN.join(', ')}`);
    const runtime = join(this.root, 'slipway_runtime');
    mkdirSync(runtime, { recursive: true });
    writeFileSync(join(runtime, '__init__.py'), '');
    writeFileSync(join(runtime, 'activate.py'), 'import sys\nsys.slipway_was_here = True\n');
    return {
      host: 'local',
      home: this.home,
      key,
      interpreter,
      source,
      dependencies: {
        manager: { value: 'requirements', from: 'test' },
        directory: '',
        groups: [],
        extras: [],
        installProject: false,
        packages: {},
        guessed: [],
        ...dependencies,
        files,
        inputs: names,
      },
      inputs: names.map((path) => ({ path, content: readFileSync(join(source, path), 'utf8') })),
      additions: [],
      runtime,
      scripts,
      env: {},
      ...more,
    };
  }

  async make(
    spec: EnvironmentSpec,
    signal?: AbortSignal,
  ): Promise<Done & { readonly at: EnvironmentPaths; readonly packages: Readonly<Record<string, string>> }> {
    const done = await perform(environmentSteps(spec), signal);
    const at = environmentPaths(spec.home, spec.key);
    return { ...done, at, packages: JSON.parse(readFileSync(at.packages, 'utf8')) };
  }
}

/** Paths below a folder, sorted; without what version control of a project would not see. */
export function tree(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
}
