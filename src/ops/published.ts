import type { Command } from '../core/command.js';
import type { Installation } from './uv.js';

/** A line of a requirements file that takes a distribution from a repository. */
export interface FromRepository {
  /** Name of the distribution, as the line itself says it. */
  readonly name: string;
  /** `github.com/owner/name` */
  readonly repository: string;
  /** The version that a tag of its name asks for. */
  readonly version?: string;
  readonly line: string;
}

/** `git+https://host/owner/name.git@ref#egg=name`, or the same behind `name @`. An address with a login, or over SSH, is nobody else's business. */
const LINE =
  /^\s*(?:-e\s+|--editable[\s=]+)?(?:([\w.-]+)(?:\[[^\]]*\])?\s*@\s*)?git\+(?:https?|git):\/\/([\w.-]+\/[\w./-]+?)(?:\.git)?(?:@([\w./-]+))?(?:#([^\s;]*))?\s*(?:[;#].*)?$/;

/** A branch is whatever is newest; a tag may name a version; anything else asks for exactly what is in that repository. */
const BRANCH = /^(main|master|develop|trunk|HEAD)$/;
const TAG = /^(?:v|release[-/]|version[-/])?(\d+(?:\.\d+)+)$/;

/**
 * The requirement that could not be read from its repository, where another source may stand in for it: it says its distribution's name, and
 * asks for no commit.
 * @param url the repository's address, as git had it
 */
export function fromRepository(text: string, url: string): FromRepository | undefined {
  const wanted = place(url);
  for (const line of text.split(/\r?\n/)) {
    const [, before, repository, ref, fragment = ''] = LINE.exec(line) ?? [];
    const name = before ?? /(?:^|&)egg=([\w.-]+)/.exec(fragment)?.[1];
    if (repository === undefined || name === undefined || repository.toLowerCase() !== wanted) continue;
    const version = TAG.exec(ref ?? '')?.[1];
    if (ref !== undefined && version === undefined && !BRANCH.test(ref)) return undefined;
    return { name, repository, ...(version === undefined ? {} : { version }), line };
  }
  return undefined;
}

const place = (url: string): string =>
  url
    .replace(/^\w+:\/\//, '')
    .replace(/(\.git)?\/?$/, '')
    .toLowerCase();

/** Prints the version that the package index has, and fails where it has none or that one does not name the repository as its own. */
export const publishedQuery = (
  into: Pick<Installation, 'toolPython' | 'scripts' | 'cwd' | 'env'>,
  { name, repository, version }: FromRepository,
): Command => ({
  argv: [
    into.toolPython,
    '-I',
    `${into.scripts}/pip_settings.py`,
    into.toolPython,
    '-I',
    `${into.scripts}/published.py`,
    name.toLowerCase().replace(/[-_.]+/g, '-'),
    repository,
    ...(version === undefined ? [] : [version]),
  ],
  cwd: into.cwd,
  env: into.env,
  timeoutSeconds: 120,
});

/** A distribution of the index in place of one from a repository. */
export interface Published {
  /** The line that it takes the place of. */
  readonly line: string;
  /** `name==1.2` */
  readonly requirement: string;
}
