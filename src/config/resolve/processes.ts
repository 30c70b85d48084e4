import type { Warning } from '../../core/failure.js';
import type { Process } from '../../core/release.js';
import { celeryProcesses, isBeat, isWorker, withoutBeat, withSchedule } from './celery.js';
import type { ProcessChoice, WithFacts } from './input.js';

/** Seconds to finish what one is doing. A task that takes longer is started again by most queues. */
const STOP_SECONDS: Readonly<Record<Process['kind'], number>> = { worker: 60, beat: 10, daemon: 20 };

/**
 * The long-running processes beside the web: what the tree shows, what Celery's own configuration adds, and the user's word over both.
 */
export function chooseProcesses(input: WithFacts): { processes: Process[]; warnings: Warning[] } {
  const found = [...fromProject(input), ...celeryProcesses(input)];
  const chosen = withChoices(found, input.choices.processes ?? {});
  const { processes, warnings } = oneBeat(chosen);
  return { processes: processes.map((process) => withSchedule(process, input)), warnings };
}

function fromProject({ project }: WithFacts): Process[] {
  return project.processes.flatMap(({ name, kind, argv, from }) => (kind === 'web' ? [] : [made(name, kind, argv, from)]));
}

function made(name: string, kind: Process['kind'], argv: readonly string[], from: string): Process {
  return { name, kind, argv, scale: 1, stopSeconds: STOP_SECONDS[kind], from };
}

function withChoices(found: readonly Process[], choices: Readonly<Record<string, ProcessChoice | false>>): Process[] {
  const kept = found.flatMap((process) => {
    const choice = choices[process.name];
    if (choice === false) return [];
    return [choice === undefined ? process : laidOver(process, choice)];
  });
  const known = new Set(found.map(({ name }) => name));
  const added = Object.entries(choices).flatMap(([name, choice]) => {
    if (choice === false || choice.command === undefined || known.has(name) || name === 'web') return [];
    return [laidOver(made(name, kindOf(choice.command), choice.command, 'slipway.yml'), choice)];
  });
  return [...kept, ...added];
}

function laidOver(process: Process, { command, scale, stopSeconds }: ProcessChoice): Process {
  const argv = command ?? process.argv;
  const kind = command === undefined ? process.kind : kindOf(argv);
  return { ...process, argv, kind, scale: scale ?? process.scale, stopSeconds: stopSeconds ?? process.stopSeconds };
}

const WORKERS = /^(rqworker(-pool)?|qcluster|run_huey|rundramatiq|db_worker|process_tasks|procrastinate|runworker)$/;
const SCHEDULERS = /^(rqscheduler|scheduler)$/;

function kindOf(argv: readonly string[]): Process['kind'] {
  if (isBeat(argv) || argv.some((word) => SCHEDULERS.test(word))) return 'beat';
  return isWorker(argv) || argv.some((word) => WORKERS.test(word)) ? 'worker' : 'daemon';
}

/** Two schedulers would start every task twice: the first one stays, alone, and none hides inside a worker. */
function oneBeat(processes: readonly Process[]): { processes: Process[]; warnings: Warning[] } {
  const beats = processes.filter(({ kind }) => kind === 'beat');
  const [first] = beats;
  const warnings = beats.slice(1).map(({ name, from }) => ({
    code: 'second-beat',
    message: `${name} (${from}) is a second scheduler beside ${first?.name}: it is not started, or every task would run twice`,
    hint: `processes: {${first?.name}: false} in slipway.yml to run ${name} instead`,
  }));
  const left = processes.filter((process) => process.kind !== 'beat' || process === first);
  return {
    processes: left.map((process) =>
      process.kind === 'beat' ? { ...process, scale: 1 } : { ...process, argv: withoutBeat(process.argv) },
    ),
    warnings,
  };
}
