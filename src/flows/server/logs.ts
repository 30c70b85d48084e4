import { Failure } from '../../core/failure.js';
import { journalCommand, parseJournalLine } from '../../ops/journal.js';
import type { Context } from '../context.js';
import type { LogsOptions } from '../logs.js';
import type { LogLine } from '../results.js';
import { sideBySide } from '../side-by-side.js';
import type { ServerApp } from './app.js';
import { onFleet } from './fleet.js';
import { ownUnits } from './units.js';

type OnLine = (line: LogLine) => void;

/**
 * What the app's processes on the servers say, in the order of time; with `follow`, until the signal ends it. Of several hosts each line says
 * where it is from.
 * @throws Failure PROCESS_UNKNOWN (usage) for one that has never said anything
 */
export const logs = (context: Context, options: LogsOptions, onLine: OnLine): Promise<{ app: string; environment: string }> =>
  onFleet(context, async ({ first, apps }) => {
    const merging = new Merging(apps.length === 1 ? 0 : options.follow ? LATE_MS : Number.POSITIVE_INFINITY, onLine);
    const seen = await sideBySide(apps, (app) =>
      tellLines(app, context, options, (line) => merging.add(apps.length === 1 ? line : { ...line, host: app.place.name })),
    );
    merging.end(options.lines);
    if (!seen.includes(true) && options.process !== undefined && !options.follow)
      throw new Failure('PROCESS_UNKNOWN', 'usage', `There is no process ${options.process}, or it has said nothing yet`, {
        hint: `slipway status -e ${first.environment}`,
      });
    return { app: first.name, environment: first.environment };
  });

/** So much later than its neighbour's may a host's line arrive, and still stand before it. */
const LATE_MS = 300;

/** Lines of several hosts in the order of their time. */
class Merging {
  #held: LogLine[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** @param holdMs how long lines are held back for others; for ever until `end`, or not at all */
  constructor(
    readonly holdMs: number,
    readonly tell: OnLine,
  ) {}

  add(line: LogLine): void {
    this.#held.push(line);
    if (this.holdMs === 0) this.end();
    else if (Number.isFinite(this.holdMs)) this.#timer ??= setTimeout(() => this.end(), this.holdMs);
  }

  /** @param most of them, the newest */
  end(most = Number.POSITIVE_INFINITY): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const held = this.#held.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
    this.#held = [];
    for (const line of held.slice(Math.max(0, held.length - most))) this.tell(line);
  }
}

/** Reads one host's journal. @returns whether there was anything in it */
async function tellLines(app: ServerApp, context: Context, options: LogsOptions, tell: OnLine): Promise<boolean> {
  const isOwn = await ownUnits(app);
  let seen = false;
  const pattern = options.process === undefined ? `${app.name}-*` : `${app.name}-${options.process}*`;
  const { code, stderr } = await app.system.exec(journalCommand(pattern, options), {
    signal: context.signal,
    onLine: (text) => {
      const entry = parseJournalLine(text);
      if (entry === undefined || !isOwn(entry.unit)) return;
      seen = true;
      const { unit, fields, ...rest } = entry;
      tell({ ...fields, ...rest, process: processOf(app.name, unit) });
    },
  });
  if (code === 0 || context.signal.aborted) return seen;
  throw new Failure('COMMAND_FAILED', 'remote', `The journal of ${app.system.name} could not be read`, { detail: stderr });
}

/** `shop-web@20261121-104512-3f9c2e1.service` is `web`. */
export const processOf = (app: string, unit: string): string =>
  unit.startsWith(`${app}-`) ? unit.slice(app.length + 1).replace(/(@.*)?\.(service|timer|socket)$/, '') : unit;
