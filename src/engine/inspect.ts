import type { Request } from '../core/command.js';
import { Failure } from '../core/failure.js';
import type { Host } from '../core/host.js';
import type { Action, Change, Check } from '../core/plan.js';

const SAME: Change = { kind: 'same' };
const DIFFERENT: Change = { kind: 'change' };
const UNKNOWN: Change = { kind: 'unknown' };
const MOST_OF_ANSWER = 1000;

/** Would this action change anything? Reads only. */
export async function inspect(action: Action, host: Host): Promise<Change> {
  switch (action.kind) {
    case 'file':
      return inspectFile(action, host);
    case 'link':
      return (await host.readLink(action.path)) === action.to ? SAME : DIFFERENT;
    case 'folder':
      return (await host.exists(action.path)) ? SAME : DIFFERENT;
    case 'remove':
      return (await host.exists(action.path)) ? DIFFERENT : SAME;
    case 'run':
    case 'request':
      return action.check === undefined ? UNKNOWN : ask(action.check, host);
    case 'sync':
    case 'expect':
      return UNKNOWN;
    case 'wait':
      return (await ask(action.until, host)).kind === 'same' ? SAME : UNKNOWN;
  }
}

/** The answer to one check. @param seconds for so long a host that is far asks a request by itself, until it is answered as expected */
export async function ask(check: Check, host: Host, signal?: AbortSignal, seconds = 0): Promise<Change> {
  if ('exists' in check) return (await areThere([check.exists].flat(), host)) ? SAME : DIFFERENT;
  if ('alike' in check) return (await areAlike(check.alike, host)) ? SAME : DIFFERENT;
  if ('request' in check) return answers(check.request, host, signal, seconds);
  const { code, stdout } = await host.exec(check.command, signal === undefined ? {} : { signal });
  if (code === 0) return SAME;
  if (code === 1) return stdout === '' ? DIFFERENT : { kind: 'change', diff: stdout };
  return UNKNOWN;
}

async function areThere(paths: readonly string[], host: Host): Promise<boolean> {
  const found = await Promise.all(paths.map((path) => host.exists(path)));
  return found.every((there) => there);
}

async function areAlike([one, other]: readonly [string, string], host: Host): Promise<boolean> {
  const [here, there] = await Promise.all([host.read(one), host.read(other)]);
  return here !== undefined && here === there;
}

async function answers(request: Request, host: Host, signal: AbortSignal | undefined, seconds: number): Promise<Change> {
  const until = seconds > 0 ? host.requestUntil : undefined;
  try {
    const { status, body } = await (until === undefined ? host.request(request, signal) : until(request, seconds, signal));
    return (request.expect ?? [200]).includes(status)
      ? SAME
      : { kind: 'change', diff: `${request.path} answered ${status}: ${body.slice(0, MOST_OF_ANSWER)}` };
  } catch (error) {
    if (error instanceof Failure && error.kind === 'connection') return DIFFERENT;
    throw error;
  }
}

async function inspectFile(action: Extract<Action, { kind: 'file' }>, host: Host): Promise<Change> {
  const old = await host.read(action.path);
  const next = await host.render(action.content);
  if (old === next) return SAME;
  // A file that may hold secrets is never shown.
  return typeof action.content === 'string' ? { kind: 'change', diff: lineDiff(old ?? '', next) } : DIFFERENT;
}

function lineDiff(before: string, after: string): string {
  const old = new Set(before.split('\n'));
  const fresh = new Set(after.split('\n'));
  const gone = before.split('\n').filter((line) => line !== '' && !fresh.has(line));
  const come = after.split('\n').filter((line) => line !== '' && !old.has(line));
  return [...gone.map((line) => `- ${line}`), ...come.map((line) => `+ ${line}`)].join('\n');
}
