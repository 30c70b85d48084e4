import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { EXAMPLES } from '../../support/examples.js';
import type { Wanted } from '../../support/live-checks.js';
import { ROOT } from '../../support/slipway.js';
import { LADDER, nameOf } from '../ladder.js';

/** One project that is deployed. */
export interface Subject extends Wanted {
  readonly name: string;
  /** The source tree. */
  readonly source: string;
  /** Where the Django project is in it, where that is not its top. */
  readonly below?: string;
  readonly first?: readonly (readonly string[])[];
  /** YAML for its slipway.yml, beside where it is deployed to. */
  readonly config?: string;
}

/** Of a project that nobody has told anything of. */
const UNKNOWN: Wanted = { page: '/', text: /<html/i, admin: '/admin/' };

/**
 * What a word of the command line means: an example, a project of the ladder, or a folder.
 * @param checkouts folder of the ladder's checkouts @param from what paths are relative to
 * @throws Error where there is no such thing
 */
export function subjectOf(word: string, checkouts: string, from: string): Subject {
  const example = EXAMPLES[basename(word)];
  const own = join(ROOT, 'examples', basename(word));
  if (example !== undefined && (word === basename(word) || resolve(from, word) === own))
    return { name: basename(word), source: own, ...example };
  const rung = LADDER.find((one) => nameOf(one) === word || resolve(from, word) === join(checkouts, nameOf(one)));
  if (rung !== undefined) return there({ ...rung, name: nameOf(rung), source: join(checkouts, rung.folder) });
  return there({ ...UNKNOWN, name: basename(word), source: resolve(from, word) });
}

function there(subject: Subject): Subject {
  if (existsSync(join(subject.source, subject.below ?? ''))) return subject;
  throw new Error(`${subject.name}: there is no ${subject.source}`);
}
