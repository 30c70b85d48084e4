import type { Pin } from '../../../core/pin.js';
import type { Json } from '../../../core/plan.js';
import { type Area, entries, isDict, merge, type PinContext, value } from './context.js';

type Entry = { readonly [key: string]: Json };

/** Names in the project's own dict that are ours. */
const OURS = 'slipway';
const FORMATTER = 'slipway_runtime.logs.JsonFormatter';
const REQUEST_ID = 'slipway_runtime.logs.RequestIdFilter';

/** Arguments of file handlers, which a stream handler does not know. */
const FILE_ARGUMENTS = [
  'filename',
  'mode',
  'encoding',
  'delay',
  'errors',
  'maxBytes',
  'backupCount',
  'when',
  'interval',
  'utc',
  'atTime',
];

/** Everything that is logged goes to the console once, with the id of its request. Loggers and levels stay the project's own. */
export function logging(context: PinContext): Area {
  // A project that sets logging up by itself has said so.
  if (context.facts.settings['LOGGING_CONFIG']?.value === null) return {};
  const known = value(context, 'LOGGING');
  const own = isDict(known) ? known : {};
  const handlers = consoles(own);
  const reason = 'logs go to the console, one line each with the id of its request, where `slipway logs` reads them';
  const config: Entry = {
    version: 1,
    disable_existing_loggers: false,
    filters: { [OURS]: { '()': REQUEST_ID } },
    formatters: { [OURS]: { '()': FORMATTER } },
    handlers: { [OURS]: { class: 'logging.StreamHandler', formatter: OURS, filters: [OURS] }, ...handlers },
    root: root(own, Object.keys(handlers)),
    ...loggers(own, Object.keys(handlers)),
  };
  const pins: Pin[] = [merge('LOGGING', config, reason)];
  return { pins };
}

/** The project's handlers that write to a terminal or a file: all of them write to the console now. */
function consoles(own: Readonly<Record<string, unknown>>): Entry {
  const changed = entries(own['handlers']).flatMap(([name, handler]) => {
    if (!isDict(handler)) return [];
    const file = isFile(handler);
    if (!file && !isConsole(handler)) return [];
    const gone = file
      ? FILE_ARGUMENTS.filter((argument) => argument in handler).map((argument) => [argument, null] as const)
      : [];
    const filters = Array.isArray(handler['filters']) ? handler['filters'].filter((filter) => typeof filter === 'string') : [];
    const entry: Entry = {
      class: 'logging.StreamHandler',
      formatter: OURS,
      filters: [...productive(filters), OURS],
      ...Object.fromEntries(gone),
    };
    return [[name, entry] as const];
  });
  return Object.fromEntries(changed);
}

/** A handler that is meant for development only would be silent now; what it says is wanted. */
const productive = (filters: readonly string[]): string[] => filters.filter((name) => name !== 'require_debug_true');

const isConsole = (handler: Readonly<Record<string, unknown>>): boolean =>
  /(^|\.)StreamHandler$|RichHandler$|colorlog/.test(String(handler['class'] ?? handler['()']));

const isFile = (handler: Readonly<Record<string, unknown>>): boolean =>
  'filename' in handler && /FileHandler$/.test(String(handler['class'] ?? handler['()']));

function root(own: Readonly<Record<string, unknown>>, replaced: readonly string[]): Entry {
  const known = own['root'];
  const level = isDict(known) && typeof known['level'] === 'string' ? known['level'] : 'INFO';
  return { level, handlers: [OURS, ...handlersOf(known).filter((name) => !replaced.includes(name))] };
}

/** A logger that passes its records on must not write them too; one that does not keeps a single handler for the console. */
function loggers(own: Readonly<Record<string, unknown>>, replaced: readonly string[]): Entry {
  const changed = entries(own['loggers']).flatMap(([name, logger]) => {
    const named = handlersOf(logger);
    const writing = named.filter((handler) => replaced.includes(handler));
    if (!isDict(logger) || writing.length === 0) return [];
    const stays = logger['propagate'] === false ? writing.slice(0, 1) : [];
    return [[name, { handlers: named.filter((handler) => !replaced.includes(handler) || stays.includes(handler)) }] as const];
  });
  return changed.length === 0 ? {} : { loggers: Object.fromEntries(changed) };
}

function handlersOf(logger: unknown): string[] {
  const named = isDict(logger) ? logger['handlers'] : undefined;
  return Array.isArray(named) ? named.filter((name) => typeof name === 'string') : [];
}
