import type { Command } from '../core/command.js';
import { Failure } from '../core/failure.js';
import { type Installation, uvTool } from './uv.js';

const PIPENV = 'pipenv==2026.10.3';

type Entry = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Entry => typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []);

const VERSION_CONTROL = ['git', 'hg', 'svn', 'bzr'] as const;

/** The address after `name @`, for what does not come from an index. */
function address(entry: Entry): string | undefined {
  for (const system of VERSION_CONTROL) {
    const repository = text(entry[system]);
    if (repository === undefined) continue;
    const ref = text(entry['ref']);
    const part = text(entry['subdirectory']);
    // `git@host:owner/name` is ssh's short form, which addresses do not know.
    const url = /^[\w.-]+@[^/:]+:/.test(repository) ? `ssh://${repository.replace(':', '/')}` : repository;
    return `${system}+${url}${ref === undefined ? '' : `@${ref}`}${part === undefined ? '' : `#subdirectory=${part}`}`;
  }
  return text(entry['file']);
}

function requirement(name: string, entry: Entry): string {
  const extras = texts(entry['extras']);
  const named = extras.length > 0 ? `${name}[${extras.join(',')}]` : name;
  const markers = text(entry['markers']);
  const condition = markers === undefined ? '' : ` ; ${markers}`;
  const path = text(entry['path']);
  if (path !== undefined)
    return `${path.startsWith('.') || path.startsWith('/') ? path : `./${path}`}${extras.length > 0 ? `[${extras.join(',')}]` : ''}`;
  const url = address(entry);
  if (url !== undefined) return `${named} @ ${url}${condition}`;
  const hashes = texts(entry['hashes']).map((hash) => ` \\\n    --hash=${hash}`);
  return `${named}${text(entry['version']) ?? ''}${condition}${hashes.join('')}`;
}

/**
 * Pipfile.lock's production part as a requirements file: every version pinned and every hash kept, the indexes named as the lock names them.
 * Addresses with `$VARIABLE` in them stay as they are: the installer fills them in.
 *
 * @param json content of Pipfile.lock; `file` names it in errors.
 * @throws Failure LOCK_UNREADABLE (project)
 */
export function pipfileLockRequirements(json: string, file = 'Pipfile.lock'): string {
  let lock: unknown;
  try {
    lock = JSON.parse(json);
  } catch (error) {
    throw new Failure(
      'LOCK_UNREADABLE',
      'project',
      `${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`,
      {
        hint: 'pipenv lock',
      },
    );
  }
  if (!isRecord(lock) || !isRecord(lock['default'])) {
    throw new Failure('LOCK_UNREADABLE', 'project', `${file} has no section "default"`, { hint: 'pipenv lock' });
  }
  const meta = isRecord(lock['_meta']) ? lock['_meta'] : {};
  const sources = (Array.isArray(meta['sources']) ? meta['sources'] : [])
    .filter(isRecord)
    .flatMap((source) => text(source['url']) ?? []);
  const [first, ...others] = sources.filter((url) => !/^https:\/\/pypi\.(org|python\.org)\/simple\/?$/.test(url));
  // The public index is everybody's default, so that a mirror the machine is set to is used in its place.
  const hasPublic = sources.length === 0 || sources.some((url) => /^https:\/\/pypi\./.test(url));
  const indexes = [
    ...(first === undefined ? [] : [`${hasPublic ? '--extra-index-url' : '--index-url'} ${first}`]),
    ...others.map((url) => `--extra-index-url ${url}`),
  ];
  const entries = Object.entries(lock['default']).flatMap(([name, entry]) => (isRecord(entry) ? [requirement(name, entry)] : []));
  return [...indexes, ...entries, ''].join('\n');
}

/** For a Pipfile without a lock: Pipenv itself reads it, and installs what is newest. */
export const pipenvInstall = (into: Installation): Command =>
  uvTool(into, PIPENV, [], ['pipenv', 'install', '--skip-lock'], {
    VIRTUAL_ENV: into.folder,
    PIPENV_VERBOSITY: '-1',
    PIPENV_NOSPIN: '1',
    PIPENV_YES: '1',
    PIPENV_IGNORE_VIRTUALENVS: '0',
  });
