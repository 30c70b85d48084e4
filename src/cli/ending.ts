import { EXIT_CODE, type Failure, type Warning } from '../core/failure.js';
import { resultLine } from '../reporters/json.js';
import { failureLines, warningLines } from './failure-text.js';
import type { JournalFile } from './journal-file.js';
import type { Look } from './look.js';
import type { GlobalOptions } from './options.js';
import type { Done } from './session.js';
import type { Surroundings } from './surroundings.js';

/** What is known when a command is over. */
export interface Ending {
  readonly command: string;
  readonly options: GlobalOptions;
  readonly surroundings: Surroundings;
  readonly out: Look;
  readonly err: Look;
  /** Those that were reported on the way. */
  readonly warnings: readonly Warning[];
  readonly time: Date;
  readonly journal?: JournalFile;
}

/** Tells the result, then the warnings, then the last line of JSON. Gives the exit code. */
export function tellDone(done: Done, ending: Ending): number {
  const { command, options, surroundings, out, err, time, journal } = ending;
  const warnings = each([...ending.warnings, ...(done.warnings ?? [])]);
  const result = resultLine(command, { ...done.result, warnings }, time, done.failure);
  journal?.append(result);
  if (!options.json) writeLines(out, done.out);
  if (!options.quiet) writeLines(err, [...(done.err ?? []), ...warningLines(warnings, err.paint, err.columns())]);
  if (options.json) surroundings.stdout.write(result);
  return done.exitCode ?? (done.failure === undefined ? 0 : EXIT_CODE[done.failure.kind]);
}

/** Tells why the command failed, then the warnings, then the last line of JSON. Gives the exit code. */
export function tellFailure(failure: Failure, ending: Ending): number {
  const { command, options, surroundings, err, time, journal } = ending;
  const result = resultLine(command, {}, time, failure);
  journal?.append(result);
  const path = failure.kind === 'bug' ? journal?.keep() : undefined;
  const { packageRoot, stdout } = surroundings;
  const look = { paint: err.paint, columns: err.columns(), verbose: options.verbose, packageRoot };
  writeLines(err, failureLines(failure, path === undefined ? look : { ...look, journal: path }));
  if (!options.quiet) writeLines(err, warningLines(each(ending.warnings), err.paint, err.columns()));
  if (options.json) stdout.write(result);
  return EXIT_CODE[failure.kind];
}

function writeLines(look: Look, lines: readonly string[] | undefined): void {
  if (lines !== undefined && lines.length > 0) look.write(lines.join('\n') + '\n');
}

/** Each warning once, in the order they came. */
function each(warnings: readonly Warning[]): Warning[] {
  return [...new Map(warnings.map((warning) => [`${warning.code}\n${warning.message}`, warning])).values()];
}
