import { hostname, userInfo } from 'node:os';
import type { Event } from '../../core/event.js';
import { Failure, type Warning } from '../../core/failure.js';
import type { Context } from '../context.js';
import type { LocalRelease } from '../release-record.js';
import type { JournalEntry } from '../results.js';
import type { ServerApp } from './app.js';
import { type Fleet, onFleet } from './fleet.js';

/** Where a release comes from, as the journal tells it. */
type Origin = Pick<LocalRelease['source'], 'commit' | 'dirty'>;

interface Outcome {
  readonly release?: string | null;
  readonly warnings?: readonly Warning[];
}

const fileOf = ({ at }: ServerApp): string => `${at.state}/journal.jsonl`;

/**
 * Does the work, and writes a line about it into the journal on every host of the app, also when it failed. The line never fails the work.
 * @param work is given a way to say which release it is about
 */
export async function journaled<T extends Outcome>(
  fleet: Fleet,
  context: Context,
  command: string,
  work: (context: Context, from: (release: LocalRelease) => void) => Promise<T>,
): Promise<T> {
  const began = new Date();
  const seen = { changes: 0, steps: 0, figures: {} as Record<string, string> };
  const report = (event: Event): void => {
    if (event.type === 'done' || event.type === 'same') seen.steps += 1;
    if (event.type === 'done') seen.changes += 1;
    if (event.type === 'stage-done' && event.summary !== '') seen.figures[event.stage] = event.summary;
    context.report(event);
  };
  const before = await liveName(fleet.first);
  const base = () => ({
    time: began.toISOString(),
    who: `${userInfo().username}@${hostname()}`,
    command,
    ...(before === undefined ? {} : { before }),
    seconds: Math.round((Date.now() - began.getTime()) / 100) / 10,
    ...seen,
  });
  try {
    let origin: Origin = {};
    const result = await work({ ...context, report }, ({ source }) => {
      origin = source;
    });
    const release = result.release ?? undefined;
    await append(fleet, {
      ...base(),
      ok: true,
      ...(release === undefined ? {} : { release }),
      ...(origin.commit === undefined ? {} : { commit: origin.commit }),
      ...(origin.dirty === undefined ? {} : { dirty: origin.dirty }),
      warnings: (result.warnings ?? []).map(({ code }) => code),
    });
    return result;
  } catch (error) {
    const { code } = Failure.from(error);
    const release = await liveName(fleet.first);
    await append(fleet, { ...base(), ok: false, error: code, ...(release === undefined ? {} : { release }), warnings: [] });
    throw error;
  }
}

const liveName = async ({ system, at }: ServerApp): Promise<string | undefined> =>
  (await system.readLink(`${at.state}/live`).catch(() => undefined))?.split('/').at(-1);

async function append({ apps }: Fleet, entry: JournalEntry): Promise<void> {
  await Promise.all(
    apps.map((app) =>
      app.system
        .exec({
          argv: ['sh', '-euc', 'if [ -d "$2" ]; then umask 027; cat >>"$1"; fi', 'sh', fileOf(app), app.at.state],
          stdin: `${JSON.stringify(entry)}\n`,
          timeoutSeconds: 30,
        })
        .catch(() => undefined),
    ),
  );
}

/** What was done to the app on its servers, newest first. */
export const history = (
  context: Context,
  { lines }: { readonly lines: number },
): Promise<{ app: string; environment: string; entries: JournalEntry[] }> =>
  onFleet(context, async ({ first }) => {
    const text = (await first.system.read(fileOf(first))) ?? '';
    const entries = text.trimEnd().split('\n').flatMap(readEntry).slice(-lines).reverse();
    return { app: first.name, environment: first.environment, entries };
  });

/** A line that was cut off by a power loss is passed over. */
function readEntry(line: string): JournalEntry[] {
  try {
    const json: unknown = JSON.parse(line);
    return isEntry(json) ? [json] : [];
  } catch {
    return [];
  }
}

// Written by `append`, into a file that root alone can write.
const isEntry = (json: unknown): json is JournalEntry =>
  typeof json === 'object' && json !== null && 'time' in json && 'command' in json && 'who' in json && 'ok' in json;
