import type { Command, Request, Response } from '../core/command.js';
import { Failure } from '../core/failure.js';
import { isList, parseAnswer, type Value, xmlCall } from './xml-rpc.js';

/** The longest path of supervisord's socket: it first binds to the name with `.PID` appended, then links. */
export const LONGEST_SUPERVISOR_SOCKET = 99;

/** Starts supervisord; returns when its socket is bound; its pid file comes a moment later. It leaves the terminal and outlives its starter. @param python of the tools environment */
export const startSupervisor = (python: string, configFile: string): Command => ({
  argv: [python, '-I', '-m', 'supervisor.supervisord', '-c', configFile],
  cwd: '/',
  timeoutSeconds: 30,
});

const call = (socket: string, method: string, parameters: readonly (string | number | boolean)[], seconds = 10): Request => ({
  to: { socket },
  method: 'POST',
  path: '/RPC2',
  headers: { 'content-type': 'text/xml' },
  body: xmlCall(`supervisor.${method}`, parameters),
  timeoutSeconds: seconds,
});

/** Requests to supervisord: https://supervisord.org/api.html. A fault comes with status 200 too: read every answer with `outcome` or a parser below. */
export const rpc = {
  state: (socket: string): Request => call(socket, 'getState', []),
  reloadConfig: (socket: string): Request => call(socket, 'reloadConfig', []),
  /** Takes the group in and starts it. */
  addGroup: (socket: string, group: string): Request => call(socket, 'addProcessGroup', [group]),
  /** Refused with STILL_RUNNING while one of its processes runs. */
  removeGroup: (socket: string, group: string): Request => call(socket, 'removeProcessGroup', [group]),
  startGroup: (socket: string, group: string): Request => call(socket, 'startProcessGroup', [group, false]),
  /** Sends the stop signals and returns. */
  signalStop: (socket: string, group: string): Request => call(socket, 'stopProcessGroup', [group, false]),
  /** Returns when all of the group have ended, by force after each program's own stop seconds. */
  stopGroup: (socket: string, group: string, mostSeconds: number): Request =>
    call(socket, 'stopProcessGroup', [group, true], mostSeconds + 10),
  processes: (socket: string): Request => call(socket, 'getAllProcessInfo', []),
  process: (socket: string, group: string, name: string): Request =>
    call(socket, 'getProcessInfo', [`${group}:${group}.${name}`]),
  restartProcess: {
    stop: (socket: string, group: string, name: string, mostSeconds: number): Request =>
      call(socket, 'stopProcess', [`${group}:${group}.${name}`, true], mostSeconds + 10),
    start: (socket: string, group: string, name: string): Request =>
      call(socket, 'startProcess', [`${group}:${group}.${name}`, false]),
  },
  /** Ends every program, then supervisord. */
  shutdown: (socket: string): Request => call(socket, 'shutdown', []),
} as const;

/** supervisor/xmlrpc.py, class Faults. */
const FAULTS: Readonly<Record<number, FaultName>> = {
  6: 'SHUTDOWN_STATE',
  10: 'BAD_NAME',
  20: 'NO_FILE',
  21: 'NOT_EXECUTABLE',
  30: 'FAILED',
  40: 'ABNORMAL_TERMINATION',
  50: 'SPAWN_ERROR',
  60: 'ALREADY_STARTED',
  70: 'NOT_RUNNING',
  90: 'ALREADY_ADDED',
  91: 'STILL_RUNNING',
  92: 'CANT_REREAD',
};

export type FaultName =
  | 'SHUTDOWN_STATE'
  | 'BAD_NAME'
  | 'NO_FILE'
  | 'NOT_EXECUTABLE'
  | 'FAILED'
  | 'ABNORMAL_TERMINATION'
  | 'SPAWN_ERROR'
  | 'ALREADY_STARTED'
  | 'NOT_RUNNING'
  | 'ALREADY_ADDED'
  | 'STILL_RUNNING'
  | 'CANT_REREAD'
  | 'OTHER';

/**
 * The value of an answer, or the name of its fault when that one is among `tolerated`.
 * @throws Failure SUPERVISOR_REFUSED for any other fault
 */
export function outcome(response: Response, ...tolerated: readonly FaultName[]): { value: Value } | { fault: FaultName } {
  if (response.status !== 200) {
    throw new Failure('SUPERVISOR_REFUSED', 'remote', `The process supervisor answered ${response.status}`, {
      detail: response.body.slice(0, 2000),
    });
  }
  const answer = parseAnswer(response.body);
  if ('value' in answer) return answer;
  const fault = FAULTS[answer.fault.code] ?? 'OTHER';
  if (tolerated.includes(fault)) return { fault };
  throw new Failure('SUPERVISOR_REFUSED', 'remote', `The process supervisor refused: ${answer.fault.text}`);
}

export interface GroupChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** What `reloadConfig` found out: nothing is started or stopped by it. @throws Failure SUPERVISOR_REFUSED, RPC_MALFORMED */
export function parseGroupChanges(response: Response): GroupChanges {
  const answered = outcome(response);
  const outer = 'value' in answered && isList(answered.value) ? answered.value[0] : undefined;
  const [added, changed, removed] = (outer !== undefined && isList(outer) ? outer : []).map(names);
  if (added === undefined || changed === undefined || removed === undefined) throw unexpected(response);
  return { added, changed, removed };
}

const names = (value: Value): string[] | undefined =>
  isList(value) && value.every((item) => typeof item === 'string') ? value.map(String) : undefined;

export type ProcessState = 'running' | 'starting' | 'stopping' | 'stopped' | 'failed' | 'backoff';

export interface ProcessInfo {
  readonly group: string;
  /** Without its group: `web`, `worker-1`. */
  readonly name: string;
  readonly state: ProcessState;
  readonly pid: number | null;
  /** Unix seconds of its last start; null when it is not up. */
  readonly since: number | null;
  /** Why it did not start, in supervisor's words; '' when there is nothing to say. */
  readonly problem: string;
  readonly exitStatus: number;
  readonly logFile: string;
}

/** Every process supervisord knows. @throws Failure SUPERVISOR_REFUSED, RPC_MALFORMED */
export function parseProcesses(response: Response): ProcessInfo[] {
  const answered = outcome(response);
  if (!('value' in answered) || !isList(answered.value)) throw unexpected(response);
  return answered.value.map((item) => readInfo(item, response));
}

function readInfo(item: Value, response: Response): ProcessInfo {
  if (typeof item !== 'object' || isList(item)) throw unexpected(response);
  const { group, name, state, pid, start, spawnerr, exitstatus, stdout_logfile: logFile } = item;
  const isText =
    typeof group === 'string' && typeof name === 'string' && typeof spawnerr === 'string' && typeof logFile === 'string';
  const isNumber =
    typeof state === 'number' && typeof pid === 'number' && typeof start === 'number' && typeof exitstatus === 'number';
  if (!isText || !isNumber) throw unexpected(response);
  return {
    group,
    name: name.startsWith(`${group}.`) ? name.slice(group.length + 1) : name,
    state: stateOf(state, exitstatus),
    pid: pid === 0 ? null : pid,
    since: pid === 0 || start === 0 ? null : start,
    problem: spawnerr,
    exitStatus: exitstatus,
    logFile,
  };
}

/** https://supervisord.org/subprocess.html#process-states */
function stateOf(code: number, exitStatus: number): ProcessState {
  const known: Readonly<Record<number, ProcessState>> = {
    0: 'stopped',
    10: 'starting',
    20: 'running',
    30: 'backoff',
    40: 'stopping',
  };
  if (code === 100) return exitStatus === 0 ? 'stopped' : 'failed';
  return known[code] ?? 'failed';
}

const unexpected = (response: Response): Failure =>
  new Failure('RPC_MALFORMED', 'bug', 'The process supervisor gave an answer of another shape than expected', {
    detail: response.body.slice(0, 500),
  });

/** `groups.py` as a command: the same, told by exit codes, for steps and their checks. @param tool absolute path of groups.py; @param python any; it needs no packages */
export const groupsCommand = (
  python: string,
  tool: string,
  socket: string,
  verb: 'apply' | 'applied' | 'up' | 'works' | 'settled' | 'stop' | 'prune' | 'restart',
  ...names: readonly string[]
): Command => ({
  argv: [python, '-I', '-S', tool, socket, verb, ...names],
  timeoutSeconds: verb === 'apply' || verb === 'stop' || verb === 'prune' ? 3700 : 60,
});

/** How often each process was started again, by `GROUP.NAME`, as far back as supervisord's own log goes. */
export function restartsIn(log: string): ReadonlyMap<string, number> {
  const starts = new Map<string, number>();
  for (const [, name] of log.matchAll(/ INFO spawned: '([^'\n]+)' with pid \d+/g)) {
    if (name !== undefined) starts.set(name, (starts.get(name) ?? -1) + 1);
  }
  return starts;
}
