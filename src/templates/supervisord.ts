import { iniCommand, iniName, iniValue } from './ini.js';

export interface SupervisordArgs {
  /** At most 99 bytes: supervisord first binds to a name with its pid appended, of at most 107. */
  readonly socket: string;
  readonly pidFile: string;
  readonly logFile: string;
  /** The folder of the groups' files, `NAME.conf` each. */
  readonly programs: string;
  /** True when started by root: said openly, else supervisord warns; each program drops its own privileges. */
  readonly asRoot: boolean;
}

export interface Program {
  /** Unique in its group: `web`, `worker`. */
  readonly name: string;
  /** Absolute argv[0]; supervisor does no search. */
  readonly argv: readonly string[];
  /** TERM, INT, QUIT… without SIG. */
  readonly stopSignal: string;
  /** How long it may take to end before it and all it has started are killed. */
  readonly stopSeconds: number;
  /** How long it must live to count as started. */
  readonly startSeconds: number;
  readonly restart: 'always' | 'on-failure' | 'never';
  /** Default 1. Several are named `worker-1`, `worker-2`, …, each with a log of its own. */
  readonly count?: number;
  /** Standard output and error together. */
  readonly logFile: string;
  /** Lower starts first and stops last. */
  readonly priority: number;
}

export interface ProgramGroup {
  readonly name: string;
  readonly programs: readonly Program[];
}

const LOG_BYTES = '10MB';
const LOG_BACKUPS = 3;
/** Never gives up: the pause grows by a second with each try. https://supervisord.org/subprocess.html#process-states */
const RETRIES = 1_000_000;

const AUTORESTART = { always: 'true', 'on-failure': 'unexpected', never: 'false' } as const;

/** @throws Failure UNSAFE_VALUE for a path the language cannot say */
export function supervisordConfig(args: SupervisordArgs): string {
  return [
    section('unix_http_server', { file: iniValue(args.socket), chmod: '0600' }),
    section('supervisord', {
      pidfile: iniValue(args.pidFile),
      logfile: iniValue(args.logFile),
      logfile_maxbytes: '5MB',
      logfile_backups: '1',
      loglevel: 'info',
      umask: '077',
      nocleanup: 'true',
      minfds: '1024',
      minprocs: '32',
      ...(args.asRoot ? { user: 'root' } : {}),
    }),
    section('rpcinterface:supervisor', {
      'supervisor.rpcinterface_factory': 'supervisor.rpcinterface:make_main_rpcinterface',
    }),
    section('include', { files: includePattern(args.programs) }),
  ].join('\n');
}

/** A group's own file. @throws Failure UNSAFE_VALUE */
export function programConfig(group: ProgramGroup): string {
  const instances = group.programs.flatMap(instancesOf);
  const sectionName = (name: string) => `${iniName(group.name)}.${iniName(name)}`;
  return [
    section(`group:${iniName(group.name)}`, { programs: instances.map(({ name }) => sectionName(name)).join(',') }),
    ...instances.map(({ name, logFile, program }) => {
      return section(`program:${sectionName(name)}`, {
        command: iniCommand(program.argv),
        priority: String(program.priority),
        autostart: 'true',
        autorestart: AUTORESTART[program.restart],
        exitcodes: '0',
        startsecs: String(program.startSeconds),
        startretries: String(program.restart === 'never' ? 0 : RETRIES),
        stopsignal: iniName(program.stopSignal),
        stopwaitsecs: String(program.stopSeconds),
        stopasgroup: 'false',
        killasgroup: 'true',
        redirect_stderr: 'true',
        stdout_logfile: expandedTwice(logFile),
        stdout_logfile_maxbytes: LOG_BYTES,
        stdout_logfile_backups: String(LOG_BACKUPS),
      });
    }),
  ].join('\n');
}

/** supervisor 4.3 expands a log file's name twice: https://github.com/Supervisor/supervisor/blob/4.3.0/supervisor/options.py */
const expandedTwice = (path: string): string => iniValue(path).replaceAll('%', '%%');

export interface Instance {
  readonly name: string;
  readonly logFile: string;
  readonly program: Program;
}

/** The single processes of a program: `worker`, or `worker-1`, `worker-2`, with `worker-1.log`, …. */
export function instancesOf(program: Program): Instance[] {
  const count = program.count ?? 1;
  if (count === 1) return [{ name: program.name, logFile: program.logFile, program }];
  return Array.from({ length: count }, (_, index) => ({
    name: `${program.name}-${index + 1}`,
    logFile: program.logFile.replace(/(\.[^./]*)?$/, `-${index + 1}$1`),
    program,
  }));
}

/**
 * The value is expanded for `%`, split at blanks, and each part is a glob: so everything that is special there is put in a bracket, and a blank is said as
 * "no printable ASCII character".
 */
function includePattern(folder: string): string {
  const literal = iniValue(folder).replace(/[[*?]/g, '[$&]').replace(/\s/g, '[!!-~]');
  return `${literal}/*.conf`;
}

function section(name: string, values: Readonly<Record<string, string>>): string {
  const lines = Object.entries(values).map(([key, value]) => `${key}=${value}\n`);
  return `[${name}]\n${lines.join('')}`;
}
