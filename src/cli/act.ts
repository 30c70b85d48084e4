import type { Event, Reporter } from '../core/event.js';
import { Failure, type Warning } from '../core/failure.js';
import type { Context } from '../flows/context.js';
import type { Display } from '../reporters/display.js';
import { journalReporter } from '../reporters/journal.js';
import { jsonReporter } from '../reporters/json.js';
import { maskedReporter, maskFailure, masking } from '../reporters/mask.js';
import { againFrom } from './again.js';
import { chooseDisplay } from './choose-display.js';
import { type Ending, tellDone, tellFailure } from './ending.js';
import { type JournalFile, journalFile } from './journal-file.js';
import { isCi, type Look, lookOf } from './look.js';
import type { GlobalOptions } from './options.js';
import { projectDirectory, slipwayHome } from './places.js';
import type { Manner, Work } from './session.js';
import { abortOnSignals } from './signals.js';
import type { Surroundings } from './surroundings.js';

/** One command from its options to its exit code: composes what the work needs, shows what happens, tells how it ended. */
export async function act(
  command: string,
  options: GlobalOptions,
  surroundings: Surroundings,
  manner: Manner,
  work: Work,
): Promise<number> {
  const { env, stdout, stderr } = surroundings;
  const out = lookOf(stdout, env, options.color);
  const err = lookOf(stderr, env, options.color);
  const began = new Date();
  const now = () => new Date();
  const mask = masking(manner.secrets ?? []);
  const warnings: Warning[] = [];
  const display = chooseDisplay(options, manner, out, err);
  let journal: JournalFile | undefined;
  const reporters: Reporter[] = [display.report, (event) => void (event.type === 'warning' && warnings.push(event.warning))];
  if (options.json) reporters.push(jsonReporter(stdout.write, now));
  const report = maskedReporter((event) => {
    for (const each of reporters) each(event);
  }, mask);
  const ending = (): Ending => ({
    command,
    options,
    surroundings,
    out,
    err,
    warnings,
    time: now(),
    ...(journal === undefined ? {} : { journal }),
  });
  const abort = abortOnSignals(surroundings, () => stopping(display, err, options, manner), manner.passesTerminal === true);

  try {
    const home = slipwayHome(env, surroundings.userHome, surroundings.cwd);
    journal = journalFile(home, command, began, manner.changesThings === true);
    reporters.push(journalReporter(journal.append, now));
    const directory = await projectDirectory(surroundings.cwd, options.project, manner.directory);
    const { environment } = options;
    journal.append(JSON.stringify({ type: 'command', time: began.toISOString(), command, directory, environment }) + '\n');
    const confirm = (question: string) => answer(question, options, surroundings, display, report, abort.signal);
    const context: Context = {
      directory,
      environment,
      home,
      host: await surroundings.host(),
      report,
      signal: abort.signal,
      confirm,
      ...(isAnswered(surroundings) ? { askHidden: askingHidden(surroundings, display, abort.signal) } : {}),
    };
    const again = againFrom(surroundings.cwd, directory, environment);
    const done = await work({ context, flows: surroundings.flows, options, surroundings, out, err, again });
    display.end('ok');
    return tellDone(done, ending());
  } catch (error) {
    const failure = maskFailure(Failure.from(error), mask);
    display.end(failure.kind === 'cancelled' ? 'stopped' : 'failed');
    return tellFailure(failure, ending());
  } finally {
    abort.release();
  }
}

function stopping(display: Display, err: Look, options: GlobalOptions, manner: Manner): void {
  if (options.quiet || manner.passesTerminal) return;
  display.suspend();
  err.write('  Stopping, so that nothing is left half done. Once more ends it at once.\n');
}

/** Somebody is there, whatever the form of what is printed. */
const isAnswered = ({ stdin, stderr, env }: Pick<Surroundings, 'stdin' | 'stderr' | 'env'>): boolean =>
  stdin.isTTY && stderr.isTTY && !isCi(env);

/** One question at a time, whoever asks. */
function askingHidden(
  { stdin, stderr }: Surroundings,
  display: Display,
  signal: AbortSignal,
): (question: string) => Promise<string> {
  let before: Promise<unknown> = Promise.resolve();
  return (question) => {
    const asked = before.then(async () => {
      display.suspend();
      const { askHidden } = await import('./question.js');
      return askHidden(question, stdin, stderr, signal);
    });
    before = asked.catch(() => {});
    return asked;
  };
}

async function answer(
  question: string,
  { yes, json, quiet }: GlobalOptions,
  { stdin, stderr, env }: Surroundings,
  display: Display,
  report: (event: Event) => void,
  signal: AbortSignal,
): Promise<boolean> {
  if (yes) return true;
  if (json || !isAnswered({ stdin, stderr, env })) {
    const message = `${question} No, since nobody is here to answer; --yes answers yes`;
    report({ type: 'note', message });
    if (quiet) stderr.write(message + '\n');
    return false;
  }
  display.suspend();
  const { askYesNo } = await import('./question.js');
  return askYesNo(question, stdin, stderr, signal);
}
