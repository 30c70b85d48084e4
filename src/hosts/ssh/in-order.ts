import type { Command } from '../../core/command.js';
import { Failure } from '../../core/failure.js';
import type { InOrder, InOrderEnd, InOrderEvent } from '../../core/host.js';
import type { Action, Check } from '../../core/plan.js';
import { renderContent } from '../secret-values.js';
import { type Json, member, numberOf, refusal, textOf } from './answer.js';
import type { Channel } from './channel.js';
import { chunks } from './chunks.js';
import { Collected } from './collected.js';
import { execArgs } from './exec-args.js';
import { KIND } from './frame.js';
import type { SshHostOptions } from './host.js';
import type { Survey } from './survey.js';

/** Steps in one message: `python/slipway_host/sequence.py` does them. */
export function inOrder(channel: Channel, options: SshHostOptions, survey: Survey): InOrder {
  const mine = ({ user }: Command): boolean => user === undefined || user === (options.user ?? 'root');
  const as = options.user === undefined ? {} : { as: options.user };
  return {
    takes: (action) => takes(action, mine),
    judge: async (actions, signal) => {
      const end = await channel.call(
        { op: 'sequence', judge: true, ...as },
        { body: await bodyOf(actions, options), ...(signal === undefined ? {} : { signal }) },
      );
      return member(end, 'failed') === undefined;
    },
    run: async (actions, tell, signal) => {
      const touch = (index: number) => {
        for (const path of pathsOf(actions[index])) survey.touch(path);
      };
      const said = new Said((event) => {
        if (event.event === 'done') touch(event.index);
        tell(event);
      });
      const end = await channel.call(
        { op: 'sequence', ...as },
        {
          body: await bodyOf(actions, options),
          onOut: (bytes) => said.push(bytes),
          ...(signal === undefined ? {} : { signal }),
        },
      );
      const ended = said.end(end, channel.name);
      if (ended !== undefined) touch(ended.failed);
      return ended;
    },
  };
}

function takes(action: Action, mine: (command: Command) => boolean): boolean {
  switch (action.kind) {
    case 'file':
    case 'link':
    case 'folder':
    case 'remove':
      return true;
    case 'run':
      return mine(action.command) && (action.check === undefined || takesCheck(action.check, mine));
    case 'sync':
    case 'request':
    case 'expect':
    case 'wait':
      return false;
  }
}

const takesCheck = (check: Check, mine: (command: Command) => boolean): boolean =>
  'command' in check ? mine(check.command) : !('request' in check);

const bodyOf = async (actions: readonly Action[], options: SshHostOptions) =>
  chunks(Buffer.from(JSON.stringify(await Promise.all(actions.map((action) => written(action, options))))));

/** Where an action may change something: of a command, what its words name. */
function pathsOf(action: Action | undefined): readonly string[] {
  if (action?.kind === 'run')
    return action.command.argv.flatMap((word) => (typeof word === 'string' ? (word.match(/\/[^\s'"=:,]+/g) ?? []) : []));
  return action !== undefined && 'path' in action ? [action.path] : [];
}

async function written(action: Action, options: SshHostOptions): Promise<unknown> {
  switch (action.kind) {
    case 'file': {
      const data = Buffer.from(await renderContent(action.content, options.secrets)).toString('base64');
      return { kind: 'file', path: action.path, mode: action.mode ?? 0o644, data };
    }
    case 'link':
      return { kind: 'link', path: action.path, to: action.to };
    case 'folder':
      return { kind: 'folder', path: action.path, mode: action.mode ?? 0o755 };
    case 'remove':
      return { kind: 'remove', path: action.path };
    case 'run':
      return {
        kind: 'exec',
        exec: await execArgs(action.command, options),
        check: action.check === undefined ? null : await writtenCheck(action.check, options),
      };
    default:
      throw new Failure('BUG', 'bug', `a host cannot do ${action.kind} by itself`);
  }
}

async function writtenCheck(check: Check, options: SshHostOptions): Promise<unknown> {
  if ('command' in check) return { exec: await execArgs(check.command, options) };
  if ('exists' in check) return { exists: [check.exists].flat() };
  if ('alike' in check) return { alike: check.alike };
  throw new Failure('BUG', 'bug', 'a host cannot judge a request by itself');
}

/** What the host tells, line by line; of the command that runs, all that it has said. */
class Said {
  #rest = '';
  #streams: readonly [Collected, Collected] | undefined;

  constructor(readonly tell: (event: InOrderEvent) => void) {}

  push(bytes: Buffer): void {
    const lines = (this.#rest + bytes.toString('latin1')).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#take(JSON.parse(line));
  }

  #take(line: Json): void {
    const index = numberOf(member(line, 'step'));
    const event = textOf(member(line, 'event'));
    if (event === 'output') {
      const [out, err] = this.#streams ?? this.#open(index);
      const bytes = Buffer.from(textOf(member(line, 'data')) ?? '', 'base64');
      (member(line, 'kind') === KIND.out ? out : err).push(bytes);
      return;
    }
    if (event === 'started') this.#streams = undefined;
    else this.#close();
    if (event === 'started' || event === 'same') this.tell({ index, event });
    const ms = member(line, 'ms');
    if (event === 'done') this.tell({ index, event, ...(typeof ms === 'number' ? { hostMs: ms } : {}) });
  }

  #open(index: number): readonly [Collected, Collected] {
    const collected = () => new Collected((line) => this.tell({ index, event: 'output', line }));
    this.#streams = [collected(), collected()];
    return this.#streams;
  }

  #close(): readonly [string, string] {
    const [out, err] = this.#streams ?? [];
    this.#streams = undefined;
    return [out?.end() ?? '', err?.end() ?? ''];
  }

  /** How all of it ended. */
  end(answer: Json, host: string): InOrderEnd {
    const failed = member(answer, 'failed');
    if (typeof failed !== 'number') return undefined;
    const error = member(answer, 'error');
    if (error !== undefined) return { failed, failure: refusal(error, host) };
    const [stdout, stderr] = this.#close();
    return { failed, exit: { code: numberOf(member(answer, 'code')), stdout, stderr } };
  }
}
