import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { sendRequest } from '../../src/hosts/http-request.js';
import { parseProcesses, rpc } from '../../src/ops/supervisor.js';
import { Visitor } from './browserless.js';
import { type LiveProject, liveProject } from './live-app.js';
import { startLoad } from './open-loop.js';
import type { Ran, RunOptions } from './slipway.js';
import { stateOf, supervisorSocketOf } from './state.js';

/** Files to write, by path in the project; null takes one away, a function changes what is there. */
export type Change = Readonly<Record<string, string | null | ((before: string) => string)>>;

export interface Refused {
  readonly change: Change;
  readonly args?: readonly string[];
  readonly run?: Partial<RunOptions>;
  readonly exit: number;
  readonly code: string;
  readonly message?: RegExp;
  readonly detail?: RegExp;
  readonly hint?: RegExp;
}

/** A project that is live, and stays so whatever is done to its source. */
export interface Serving {
  readonly project: LiveProject;
  readonly url: string;
  readonly ca: string;
  readonly release: string;
  /** `up` of the changed source must fail as told, with the old release still answering; the source is put back afterwards. */
  refuses(refused: Refused): Promise<ErrorOf>;
  /** The release answers, and no other runs. */
  stillServes(release: string): Promise<void>;
  /** Requests that came all the while must not have failed; ends everything. */
  end(): Promise<void>;
}

export interface ErrorOf {
  readonly code: string;
  readonly kind: string;
  readonly message: string;
  readonly detail: string;
  readonly hint: string;
}

const RATE = 20;

/** Brings a project up, and visits it from then on. @param text what its first page shows */
export async function serving(source: string, text: string, prepare: Change = {}, ...options: string[]): Promise<Serving> {
  const project = liveProject(source);
  const undo = changeFiles(project.directory, prepare);
  try {
    const first = await project.up(...options);
    const [url, ca, release] = [String(first['url']), String(first['ca']), String(first['release'])];
    const load = startLoad({ url, ca: readFileSync(ca), rate: RATE, contains: text });
    const stillServes = async (release: string) => {
      assert.equal(liveRelease(project), release);
      const page = await new Visitor(ca).visit(url);
      assert.equal(page.status, 200);
      assert.ok(page.text.includes(text), page.text.slice(0, 300));
      assert.deepEqual(await runningReleases(project), [release]);
    };
    return {
      project,
      url,
      ca,
      release,
      stillServes,
      refuses: async (refused) => {
        const before = liveRelease(project);
        const putBack = changeFiles(project.directory, refused.change);
        try {
          const error = refusedWith(await project.run(['up', '--json', ...(refused.args ?? [])], refused.run), refused);
          await stillServes(before);
          return error;
        } finally {
          putBack();
        }
      },
      end: async () => {
        const report = await load.stop();
        await project.end();
        assert.deepEqual(report.failures, {}, `of ${report.sent} requests`);
      },
    };
  } catch (error) {
    await project.end();
    undo();
    throw error;
  }
}

/** The error of a command that had to fail, looked at. */
export function refusedWith(ran: Ran, wanted: Omit<Refused, 'change' | 'args' | 'run'>): ErrorOf {
  const { error } = ran.result;
  const said = `exit ${ran.code}\n${JSON.stringify(ran.result, null, 1)}\n${ran.stderr}`;
  assert.equal(ran.code, wanted.exit, said);
  assert.ok(isError(error), said);
  const told = { detail: '', hint: '', ...error };
  assert.equal(told.code, wanted.code, said);
  for (const part of ['message', 'detail', 'hint'] as const) {
    const pattern = wanted[part];
    if (pattern !== undefined) assert.match(told[part], pattern, said);
  }
  return told;
}

const isError = (value: unknown): value is Omit<ErrorOf, 'detail' | 'hint'> & Partial<ErrorOf> =>
  typeof value === 'object' && value !== null && 'code' in value && 'kind' in value && 'message' in value;

/** The release that the switch points at. */
export const liveRelease = (project: LiveProject): string =>
  basename(readlinkSync(join(stateOf(project.home, project.directory), 'live')));

/** Releases whose processes the supervisor runs, those that finish their work not among them. */
export async function runningReleases(project: LiveProject): Promise<string[]> {
  const processes = parseProcesses(await sendRequest(rpc.processes(supervisorSocketOf(project.home, project.directory))));
  const groups = new Set(processes.map(({ group }) => group));
  return [...groups]
    .flatMap((group) => /^release-(.+)$/.exec(group)?.[1] ?? [])
    .filter((version) => !groups.has(`drain-${version}`));
}

/** Gives the function that puts everything back. */
export function changeFiles(directory: string, change: Change): () => void {
  const before = new Map<string, string | undefined>();
  for (const [path, to] of Object.entries(change)) {
    const file = join(directory, path);
    const old = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
    before.set(file, old);
    mkdirSync(dirname(file), { recursive: true });
    const content = typeof to === 'function' ? to(old ?? '') : to;
    if (content === null) rmSync(file, { force: true });
    else writeFileSync(file, content);
  }
  return () => {
    for (const [file, content] of before) {
      if (content === undefined) rmSync(file, { force: true });
      else writeFileSync(file, content);
    }
  };
}
