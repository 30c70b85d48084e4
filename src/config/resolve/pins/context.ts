import type { SettingFact } from '../../../core/facts.js';
import type { Warning } from '../../../core/failure.js';
import type { Pin } from '../../../core/pin.js';
import type { DatabaseChoice } from '../database.js';
import type { RedisAddress, StaticAttempt, WithFacts } from '../input.js';
import { atLeast } from '../version.js';

/** What every area of pins is decided from. Facts are those of an unpinned run. */
export interface PinContext extends WithFacts {
  readonly database: DatabaseChoice;
  /** Where a Redis runs for the app. */
  readonly redis?: RedisAddress;
  readonly interface: 'wsgi' | 'asgi';
  readonly staticAttempt?: StaticAttempt;
}

/** What one area comes to. `silence`: checks of Django's that would complain about what is right here. */
export interface Area {
  readonly pins?: readonly Pin[];
  readonly warnings?: readonly Warning[];
  readonly silence?: readonly string[];
}

export function hold(name: string, value: Pin['value'], reason: string, type?: Pin['type']): Pin {
  return { name, op: 'hold', value, ...(type === undefined ? {} : { type }), reason };
}

export function merge(name: string, value: Pin['value'], reason: string): Pin {
  return { name, op: 'merge', value, reason };
}

export function fact({ facts }: PinContext, name: string): SettingFact | undefined {
  return facts.settings[name];
}

/** Whether the project itself sets it, to whatever. */
export function isExplicit(context: PinContext, name: string): boolean {
  return fact(context, name)?.explicit === true;
}

export function value(context: PinContext, name: string): unknown {
  return fact(context, name)?.value;
}

/** The setting where it is text, else ''. */
export function text(context: PinContext, name: string): string {
  const known = value(context, name);
  return typeof known === 'string' ? known : '';
}

/** The setting's items that are text. */
export function texts(context: PinContext, name: string): string[] {
  const known = value(context, name);
  return Array.isArray(known) ? known.filter((item) => typeof item === 'string') : [];
}

/** The setting's entries where it is a dict. */
export function entries(known: unknown): [string, unknown][] {
  return isDict(known) ? Object.entries(known) : [];
}

export function isDict(known: unknown): known is Readonly<Record<string, unknown>> {
  return typeof known === 'object' && known !== null && !Array.isArray(known);
}

export function django(context: PinContext, floor: string): boolean {
  return atLeast(context.facts.django, floor);
}

/** The type of the project's own value for a folder: a `Path` that is used as one stays one. Django before 3.1 wants text. */
export function folderType(context: PinContext, name: string): 'path' | 'str' {
  return fact(context, name)?.type === 'path' ? 'path' : 'str';
}

/** The type of the project's own sequence, so that `+=` in its settings goes on working. */
export function sequenceType(context: PinContext, name: string): 'list' | 'tuple' | 'set' {
  const type = fact(context, name)?.type;
  return type === 'tuple' || type === 'set' ? type : 'list';
}

/** True for a path below the tree the facts were read from: it would change with every release. */
export function isInSource({ probed }: PinContext, path: string): boolean {
  return path === probed || path.startsWith(`${probed}/`) || !path.startsWith('/');
}

export function hasPackage({ project }: PinContext, ...names: string[]): boolean {
  return names.some((name) => name in project.dependencies.packages);
}

export function hasApp({ facts }: PinContext, name: string): boolean {
  return facts.apps.some((app) => app.name === name);
}
