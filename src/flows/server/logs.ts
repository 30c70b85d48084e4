import { Failure } from '../../core/failure.js';
import { journalCommand, parseJournalLine } from '../../ops/journal.js';
import type { Context } from '../context.js';
import type { LogsOptions } from '../logs.js';
import type { LogLine } from '../results.js';
import { onFleet } from './fleet.js';

/**
 * What the app's processes on the server say, in the order of time; with `follow`, until the signal ends it.
 * @throws Failure PROCESS_UNKNOWN (usage) for one that has never said anything
 */
export const logs = (
  context: Context,
  options: LogsOptions,
  onLine: (line: LogLine) => void,
): Promise<{ app: string; environment: string }> =>
  onFleet(context, async ({ first: app }) => {
    let seen = 0;
    const pattern = options.process === undefined ? `${app.name}-*` : `${app.name}-${options.process}*`;
    const { code, stderr } = await app.system.exec(journalCommand(pattern, options), {
      signal: context.signal,
      onLine: (line) => {
        const entry = parseJournalLine(line);
        if (entry === undefined) return;
        seen += 1;
        const { unit, fields, ...rest } = entry;
        onLine({ ...fields, ...rest, process: processOf(app.name, unit) });
      },
    });
    if (code !== 0 && !context.signal.aborted)
      throw new Failure('COMMAND_FAILED', 'remote', `The journal of ${app.system.name} could not be read`, { detail: stderr });
    if (seen === 0 && options.process !== undefined && !options.follow)
      throw new Failure('PROCESS_UNKNOWN', 'usage', `There is no process ${options.process}, or it has said nothing yet`, {
        hint: `slipway status -e ${app.environment}`,
      });
    return { app: app.name, environment: app.environment };
  });

/** `shop-web@20261121-104512-3f9c2e1.service` is `web`. */
export const processOf = (app: string, unit: string): string =>
  unit.startsWith(`${app}-`) ? unit.slice(app.length + 1).replace(/(@.*)?\.(service|timer|socket)$/, '') : unit;
