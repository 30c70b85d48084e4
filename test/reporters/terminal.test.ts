import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '../../src/core/event.js';
import type { Display } from '../../src/reporters/display.js';
import { columns } from '../../src/reporters/line-width.js';
import { paint } from '../../src/reporters/paint.js';
import { plainDisplay } from '../../src/reporters/plain.js';
import { terminalDisplay } from '../../src/reporters/terminal.js';
import { assertGolden } from '../support/golden.js';
import { FAILED_RUN, UP_RUN } from './issue-run.js';

interface Screen {
  readonly display: Display;
  /** Everything that was written. */
  readonly written: () => string;
  /** What stands on the screen in the end: redrawn lines in their last state. */
  readonly shown: () => string;
  /** A moment passes. */
  readonly tick: () => void;
  readonly ticking: () => boolean;
}

function screen(width: number, verbose = false, color = false): Screen {
  let text = '';
  let clock = 0;
  let redraw: (() => void) | undefined;
  const display = terminalDisplay({
    write: (more) => {
      text += more;
    },
    verbose,
    now: () => clock,
    paint: paint(color),
    width: () => width,
    tick: (callback) => {
      redraw = callback;
      return () => {
        redraw = undefined;
      };
    },
  });
  return {
    display,
    written: () => text,
    shown: () =>
      text
        .split('\n')
        .map((line) => line.slice(line.lastIndexOf('\x1b[2K') + 1).replace(/^\[2K/, ''))
        .join('\n'),
    tick: () => {
      clock += 100;
      redraw?.();
    },
    ticking: () => redraw !== undefined,
  };
}

function play({ display, tick }: Screen, events: readonly Event[]): void {
  for (const event of events) {
    display.report(event);
    tick();
  }
}

test('a run on a wide terminal stands there as the issue shows it', () => {
  const it = screen(120);
  play(it, UP_RUN);
  it.display.end('ok');
  assertGolden('reporters/goldens/up-wide.txt', it.shown());
  assert.equal(it.ticking(), false);
});

for (const width of [80, 50, 24, 10]) {
  test(`on ${width} columns no line is wider, and none is wrapped by the terminal while it is redrawn`, () => {
    const it = screen(width);
    play(it, UP_RUN);
    it.display.end('ok');
    if (width >= 50) assertGolden(`reporters/goldens/up-${width}.txt`, it.shown());
    const live = it
      .written()
      .split('\x1b[2K')
      .filter((piece) => !piece.includes('\n'));
    assert.ok(live.length > 10);
    for (const line of live) assert.ok(columns(line.replaceAll('\r', '')) < width, JSON.stringify(line));
    if (width >= 50) for (const line of it.shown().split('\n')) assert.ok(columns(line) < width, JSON.stringify(line));
  });
}

test('the running line names the latest step, how many others, and the time so far', () => {
  const it = screen(100);
  play(it, FAILED_RUN.slice(0, 3));
  const last = it.written().split('\x1b[2K').at(-1) ?? '';
  assert.match(last, /^ {2}\S start {6}beat · 1 more +0\.3 s$/);
});

test('a failed stage shows the step that failed first and what it said last', () => {
  const it = screen(100);
  play(it, FAILED_RUN);
  it.display.end('failed');
  assertGolden('reporters/goldens/failed.txt', it.shown());
});

test('a stage that was cut off without a failed step is told as failed, or as stopped', () => {
  const failed = screen(100);
  play(failed, FAILED_RUN.slice(0, 2));
  failed.display.end('failed');
  assert.match(failed.shown(), /^ {2}✖ start {6}web ×2 \(gunicorn\) +0\.2 s\n$/);
  const stopped = screen(100);
  play(stopped, FAILED_RUN.slice(0, 2));
  stopped.display.end('stopped');
  assert.match(stopped.shown(), /^ {2}– start {6}web/);
});

test('with verbose, what programs print is shown without what a terminal would obey', () => {
  const it = screen(100, true);
  play(it, UP_RUN.slice(0, 4));
  assert.match(it.shown(), /^ {4}Collected django$/m);
});

test('a suspended display leaves the line to others until the next step', () => {
  const it = screen(100);
  play(it, UP_RUN.slice(0, 3));
  it.display.suspend();
  const before = it.written();
  it.tick();
  assert.equal(it.written(), before);
  assert.ok(before.endsWith('\r\x1b[2K'));
});

test('colours are there when they are wanted and take no room', () => {
  const [plain, colored] = [screen(100), screen(100, false, true)];
  for (const it of [plain, colored]) {
    play(it, UP_RUN);
    it.display.end('ok');
  }
  assert.ok(colored.shown().includes('\x1b[32m✔\x1b[39m'));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is taken away
  assert.equal(colored.shown().replace(/\x1b\[\d+m/g, ''), plain.shown());
});

function lines(verbose: boolean, events: readonly Event[], how: 'ok' | 'failed'): string {
  let text = '';
  const display = plainDisplay({
    write: (more) => {
      text += more;
    },
    verbose,
    now: () => 0,
  });
  for (const event of events) display.report(event);
  display.end(how);
  return text;
}

test('where nobody watches: plain lines with their stage, no escape codes', () => {
  const text = lines(false, UP_RUN, 'ok');
  assertGolden('reporters/goldens/up-plain.txt', text);
  assert.ok(!text.includes('\x1b') && !text.includes('\r'));
  assertGolden('reporters/goldens/up-plain-verbose.txt', lines(true, UP_RUN, 'ok'));
  assertGolden('reporters/goldens/failed-plain.txt', lines(false, FAILED_RUN, 'failed'));
});
