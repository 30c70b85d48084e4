import { WORK_VARIABLE } from '../../core/host.js';
import type { Alive, Step } from '../../core/plan.js';
import { groupsCommand, rpc, startSupervisor } from '../../ops/supervisor.js';
import { supervisordConfig } from '../../templates/supervisord.js';
import { type Layout, OWNER_VARIABLE, sockets, stateFiles } from './layout.js';
import type { Installed } from './paths.js';

/** The app's supervisor, running: started where it does not answer. */
export function supervisorSteps(at: Layout, installed: Installed, asRoot: boolean): Step[] {
  const { supervisor, programs, logs } = stateFiles(at);
  const config = `${supervisor}/supervisord.conf`;
  const step = (id: string, title: string, action: Step['action']): Step => ({
    id: `supervisor.${id}`,
    title,
    stage: 'prepare',
    host: 'local',
    action,
  });
  return [
    step('programs', 'folder of programs', { kind: 'folder', path: programs, mode: 0o700 }),
    step('logs', 'folder of logs', { kind: 'folder', path: logs, mode: 0o700 }),
    step('config', 'supervisor configuration', {
      kind: 'file',
      path: config,
      content: supervisordConfig({
        socket: sockets(at).supervisor,
        pidFile: `${supervisor}/supervisord.pid`,
        logFile: `${logs}/supervisor.log`,
        programs,
        asRoot,
      }),
    }),
    {
      ...step('start', 'process supervisor', {
        kind: 'run',
        // Inherited by all it starts: so they are found, should it be killed. It outlives the run that starts it.
        command: {
          ...startSupervisor(installed.python, config),
          env: { [OWNER_VARIABLE]: at.state, [WORK_VARIABLE]: '', TMPDIR: sockets(at).temp },
        },
        check: { request: rpc.state(sockets(at).supervisor) },
      }),
      failure: {
        code: 'SUPERVISOR_FAILED',
        kind: 'environment',
        message: 'The process supervisor did not start',
        hint: `tail ${logs}/supervisor.log`,
      },
    },
  ];
}

const groupsCall = (at: Layout, installed: Installed, verb: Parameters<typeof groupsCommand>[3], groups: readonly string[]) =>
  groupsCommand(installed.python, `${installed.tools}/groups.py`, sockets(at).supervisor, verb, ...groups);

/** Groups running as their files say. */
export function applyGroups(
  at: Layout,
  installed: Installed,
  stage: Step['stage'],
  id: string,
  title: string,
  ...groups: string[]
): Step {
  const call = (verb: 'apply' | 'applied') => groupsCall(at, installed, verb, groups);
  return {
    id,
    title,
    stage,
    host: 'local',
    action: { kind: 'run', command: call('apply'), check: { command: call('applied') } },
  };
}

const groupsStep =
  (verb: 'apply' | 'stop') =>
  (at: Layout, installed: Installed, stage: Step['stage'], id: string, title: string, ...groups: string[]): Step => ({
    ...{ id, title, stage, host: 'local' },
    action: { kind: 'run', command: groupsCall(at, installed, verb, groups) },
  });

/** Groups of a release's own: as a rule nobody has seen them before, so whether they run is not asked first. Asking starts a Python, and starting what runs changes nothing. */
export const startGroups = groupsStep('apply');

/** Groups ended and forgotten. */
export const stopGroups = groupsStep('stop');

/** Same while every process of the group is up. */
export const groupIsUp = (at: Layout, installed: Installed, group: string): Alive => ({
  command: groupsCall(at, installed, 'up', [group]),
});

/** The same, and the web server's workers are counted. */
export const groupWorks = (at: Layout, installed: Installed, group: string, workers: number): Alive => ({
  command: groupsCall(at, installed, 'works', [group, 'web']),
  workers,
});
