import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Exit, Host } from '../../../src/core/host.js';
import { localHost } from '../../../src/hosts/local.js';
import { groupsCommand, type ProcessInfo, parseProcesses, rpc, startSupervisor } from '../../../src/ops/supervisor.js';
import { type ProgramGroup, programConfig, supervisordConfig } from '../../../src/templates/supervisord.js';
import { pipEnvironment } from './pip-environment.js';
import { isRunning, until } from './sandbox.js';

export const TOOLS = resolve('python/slipway_tools');
export const PYTHON = '/usr/bin/python3';

/** A real supervisord in a folder of its own, with what tests ask of it. */
export interface Supervised {
  readonly host: Host;
  readonly folder: string;
  readonly socket: string;
  readonly programs: string;
  readonly pid: () => Promise<number>;
  readonly write: (group: ProgramGroup) => Promise<void>;
  readonly forgetFile: (group: string) => Promise<void>;
  readonly groups: (verb: Parameters<typeof groupsCommand>[3], ...names: string[]) => Promise<Exit>;
  readonly processes: (group: string) => Promise<ProcessInfo[]>;
  readonly log: (name: string) => Promise<string>;
  readonly logFile: (name: string) => string;
}

/** @param user to run it as, when the tests run as root */
export async function supervised(
  folder: string,
  after: (task: () => Promise<unknown>) => void,
  user?: string,
): Promise<Supervised> {
  const host = localHost();
  const tools = await pipEnvironment(['supervisor==4.3.0']);
  const at = (name: string): string => join(folder, name);
  const [socket, programs, config] = [at('s.sock'), at('programs'), at('supervisord.conf')];
  await mkdir(programs, { recursive: true });
  await mkdir(at('logs'), { recursive: true });
  const asRoot = process.getuid?.() === 0 && user === undefined;
  await writeFile(config, supervisordConfig({ socket, pidFile: at('s.pid'), logFile: at('logs/s.log'), programs, asRoot }));
  if (user !== undefined) {
    await chmod(folder, 0o777);
    await chmod(at('logs'), 0o777);
  }
  const pid = async (): Promise<number> => Number(await readFile(at('s.pid'), 'utf8'));
  const start = startSupervisor(join(tools, 'python'), config);
  const { code, stderr } = await host.exec(user === undefined ? start : { ...start, user });
  if (code !== 0) throw new Error(stderr);
  after(async () => {
    if (!existsSync(socket)) return;
    const leader = await until('its pid file', () => pid().catch(() => undefined));
    await host.request(rpc.shutdown(socket)).catch(() => undefined);
    await until('supervisord to end', async () => !(await isRunning(leader)), 30);
  });
  return {
    ...{ host, folder, socket, programs, pid },
    write: (group) => writeFile(join(programs, `${group.name}.conf`), programConfig(group)),
    forgetFile: (group) => rm(join(programs, `${group}.conf`)),
    groups: (verb, ...names) => host.exec(groupsCommand(PYTHON, join(TOOLS, 'groups.py'), socket, verb, ...names)),
    processes: async (group) => parseProcesses(await host.request(rpc.processes(socket))).filter((one) => one.group === group),
    log: (name) => readFile(at(`logs/${name}.log`), 'utf8').catch(() => ''),
    logFile: (name) => at(`logs/${name}.log`),
  };
}
