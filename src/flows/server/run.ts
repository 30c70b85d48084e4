import { randomBytes } from 'node:crypto';
import { apply } from '../../engine/apply.js';
import { parseJournalLine } from '../../ops/journal.js';
import { oneOff } from '../../targets/server/one-off.js';
import type { Context } from '../context.js';
import type { RunResult } from '../results.js';
import type { ServerApp } from './app.js';
import { currentRelease } from './exec.js';
import { onFleet } from './fleet.js';
import { serverRelease } from './release.js';

export interface RunOptions {
  /** Do not wait for it: what it says is read with `logs`. */
  readonly detach: boolean;
}

/** How long the journal may take to tell the last lines of what has ended. */
const LAST_LINES_MS = 500;

/**
 * Runs a command once in the current release, in a unit of its own on the first of the servers: confined as a worker, its output in the journal,
 * and at work still when the connection is lost. What it says is passed on; Ctrl-C ends it.
 * @throws Failure NOT_UP (project)
 */
export const run = (
  context: Context,
  argv: readonly string[],
  { detach }: RunOptions,
  onLine: (line: string) => void,
): Promise<RunResult> =>
  onFleet(context, async ({ first: app }) => {
    const release = serverRelease(await currentRelease(app));
    const id = randomBytes(4).toString('hex');
    const { unit, steps } = oneOff(release, app.place, argv, id);
    await apply(
      steps,
      () => app.system,
      () => {},
      context.signal,
    );
    const told = { app: app.name, environment: app.environment, release: release.version, process: `run-${id}` };
    if (detach) {
      await app.system.exec({ argv: ['systemctl', 'start', '--no-block', '--', unit], timeoutSeconds: 30 });
      return { ...told, exitCode: 0, detached: true };
    }
    return { ...told, exitCode: await followed(app, context, unit, onLine), detached: false };
  });

async function followed(app: ServerApp, context: Context, unit: string, onLine: (line: string) => void): Promise<number> {
  const stopLines = new AbortController();
  const lines = app.system
    .exec(
      { argv: ['journalctl', '-q', '-f', '-n', 'all', '-o', 'json', '--no-tail', '-t', unit.replace(/\.service$/, '')] },
      { signal: stopLines.signal, onLine: (line) => tell(line, onLine) },
    )
    .catch(() => undefined);
  const ending = () =>
    void app.system.exec({ argv: ['systemctl', 'stop', '--', unit], timeoutSeconds: 90 }).catch(() => undefined);
  context.signal.addEventListener('abort', ending, { once: true });
  try {
    await app.system.exec({ argv: ['systemctl', 'start', '--', unit] });
    const shown = await app.system.exec({
      argv: ['systemctl', 'show', '-p', 'ExecMainStatus', '-p', 'ExecMainCode', '--', unit],
    });
    await new Promise((wake) => setTimeout(wake, LAST_LINES_MS));
    await app.system.exec({
      argv: ['sh', '-uc', 'systemctl reset-failed -- "$1" 2>/dev/null; systemctl daemon-reload', 'sh', unit],
    });
    return exitCodeOf(shown.stdout);
  } finally {
    context.signal.removeEventListener('abort', ending);
    stopLines.abort();
    await lines;
  }
}

function tell(line: string, onLine: (line: string) => void): void {
  const entry = parseJournalLine(line);
  if (entry !== undefined) onLine(entry.message);
}

/** A process that a signal ended is told as a shell tells it; 1 where it never began. */
function exitCodeOf(shown: string): number {
  const status = Number(/^ExecMainStatus=(\d+)$/m.exec(shown)?.[1] ?? 1);
  const code = Number(/^ExecMainCode=(\d+)$/m.exec(shown)?.[1] ?? 0);
  // https://www.man7.org/linux/man-pages/man2/waitid.2.html: CLD_EXITED is 1, CLD_KILLED 2, CLD_DUMPED 3.
  if (code === 0) return 1;
  return code === 1 ? status : 128 + status;
}
