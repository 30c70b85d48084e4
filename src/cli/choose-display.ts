import type { Display } from '../reporters/display.js';
import { plainDisplay } from '../reporters/plain.js';
import { quietDisplay } from '../reporters/quiet.js';
import { terminalDisplay } from '../reporters/terminal.js';
import type { Look } from './look.js';
import type { GlobalOptions } from './options.js';
import type { Manner } from './session.js';

const REDRAW_MS = 100;

/** Who shows the events: live where somebody watches, lines where not, nobody where that would spoil what is on the screen. */
export function chooseDisplay(options: GlobalOptions, manner: Manner, out: Look, err: Look): Display {
  const { quiet, json, verbose } = options;
  if (quiet || (json && out.live) || (manner.passesTerminal && !verbose)) return quietDisplay();
  const common = { write: err.write, verbose, now: () => performance.now() };
  if (!err.live) return plainDisplay(common);
  return terminalDisplay({ ...common, paint: err.paint, width: err.columns, tick: everyMoment });
}

function everyMoment(redraw: () => void): () => void {
  const timer = setInterval(redraw, REDRAW_MS).unref();
  return () => clearInterval(timer);
}
