import { mendingRequirement } from './pip.js';

/** A file of the project's that names distributions: a lock, a manifest, requirements. */
interface NamingFile {
  readonly path: string;
  readonly content: string;
}

export interface MissingModule {
  /** As imported: `debug_toolbar.middleware`. */
  readonly module: string;
  /** What brings it, where that is known for certain. */
  readonly distribution?: string;
}

export interface Mending {
  /** `django-debug-toolbar==3.7.0`, or without a version where the project names none. */
  readonly requirement: string;
  /** What says so, in words. */
  readonly from: string;
}

const normalised = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

/**
 * What to install for a module that the settings import and nothing installed brings. Only a distribution that is known to bring it, or that the
 * project itself names somewhere (in a group for development, say): a name that is merely guessed could be anybody's package.
 */
export function mendingFor({ module, distribution }: MissingModule, files: readonly NamingFile[]): Mending | undefined {
  const name = distribution ?? normalised(module.split('.')[0] ?? module);
  const named = files.find(({ content }) => namesIt(content, name));
  if (distribution === undefined && named === undefined) return undefined;
  const version = named === undefined ? undefined : lockedVersion(named.content, name);
  const requirement = mendingRequirement(version === undefined ? name : `${name}==${version}`);
  return { requirement, from: named === undefined ? 'nothing declares it' : `${named.path} names it, for development only` };
}

/** Dashes, dots and underscores are the same in a name. */
const pattern = (name: string): string => normalised(name.replace(/\[.*$/, '')).replaceAll('-', '[-_.]+');

const namesIt = (content: string, name: string): boolean =>
  new RegExp(`(?:^|["'\\s])${pattern(name)}(?=["'\\s=<>~!@;\\[]|$)`, 'im').test(content);

const lockedVersion = (content: string, name: string): string | undefined =>
  new RegExp(`^name = "${pattern(name)}"\\s+version = "([^"]+)"`, 'im').exec(content)?.[1];
