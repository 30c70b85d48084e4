import type { Event } from '../core/event.js';
import type { Display, DisplayOptions } from './display.js';
import { cleanLine, truncate, wrap } from './line-width.js';
import type { Paint } from './paint.js';
import { advance, NOTHING_YET, type Progress, runningTitle } from './progress.js';
import { liveLine, type StageState, stageLines } from './stage-line.js';

export interface TerminalOptions extends DisplayOptions {
  readonly paint: Paint;
  /** Columns of the terminal at this moment. */
  readonly width: () => number;
  /** Calls back several times a second until the function it gave is called. */
  readonly tick: (redraw: () => void) => () => void;
}

const CLEAR = '\r\x1b[2K';

/** One line a stage; the running one is redrawn in place with the step at work and its time. */
export function terminalDisplay(options: TerminalOptions): Display {
  const { write, paint, width, now, verbose } = options;
  let progress: Progress = NOTHING_YET;
  let drawn = false;
  let frame = 0;
  let stopTicking: (() => void) | undefined;

  const clear = () => {
    if (drawn) write(CLEAR);
    drawn = false;
  };
  const draw = () => {
    if (progress.stage === undefined || progress.failed !== undefined) return;
    write(
      CLEAR + liveLine({ ...stageAt(progress, now()), state: { frame: frame++ }, text: runningTitle(progress) }, width(), paint),
    );
    drawn = true;
  };
  const print = (lines: readonly string[]) => {
    clear();
    if (lines.length > 0) write(lines.join('\n') + '\n');
  };
  const finish = (state: StageState, text: string, more: readonly string[] = []) => {
    print([...stageLines({ ...stageAt(progress, now()), state, text }, width(), paint), ...more]);
    progress = NOTHING_YET;
  };
  const rest = () => {
    stopTicking?.();
    stopTicking = undefined;
    clear();
  };
  const fail = () => {
    if (progress.failed === undefined) return;
    const { title, failure, lines } = progress.failed;
    const said = failure.detail === undefined && failure.kind !== 'cancelled' ? lines : [];
    finish(failure.kind === 'cancelled' ? 'stopped' : 'failed', title, quoted(said, width(), paint));
  };

  const report = (event: Event) => {
    if (event.type === 'stage') fail();
    progress = advance(progress, event, now());
    switch (event.type) {
      case 'app':
        return print([...appLines(event, width(), paint)]);
      case 'stage':
        stopTicking ??= options.tick(draw);
        return draw();
      case 'stage-done':
        return print(
          stageLines({ state: 'done', stage: event.stage, text: event.summary, seconds: event.seconds }, width(), paint),
        );
      case 'started':
        if (progress.stage !== undefined) stopTicking ??= options.tick(draw);
        return drawn ? draw() : undefined;
      case 'output':
        return verbose ? print([paint.faint(`    ${cleanLine(event.line)}`)]) : undefined;
      case 'note':
        // What is said after a failure (`went back to …`) belongs below it.
        fail();
        return print(wrap(event.message, width() - 3).map((line) => `  ${line}`));
      default:
        return;
    }
  };
  return {
    report,
    suspend: rest,
    end: (how) => {
      rest();
      if (how !== 'ok' && progress.failed !== undefined) fail();
      else if (how !== 'ok' && progress.stage !== undefined) finish(how, runningTitle(progress));
      progress = NOTHING_YET;
    },
  };
}

function stageAt(progress: Progress, now: number): { stage: string; seconds: number } {
  const { stage } = progress;
  return { stage: stage?.name ?? '', seconds: stage === undefined ? 0 : (now - stage.began) / 1000 };
}

const quoted = (lines: readonly string[], width: number, paint: Paint): string[] =>
  lines.map((line) => paint.faint(`      ${truncate(cleanLine(line), Math.max(8, width - 7))}`));

function* appLines(event: Extract<Event, { type: 'app' }>, width: number, paint: Paint): Generator<string> {
  const [first = '', ...rest] = wrap(event.summary.join(' · '), width - event.name.length - 6);
  yield `  ${paint.strong(cleanLine(event.name))}   ${first}`;
  for (const line of rest) yield `  ${' '.repeat(event.name.length)}   ${line}`;
}
