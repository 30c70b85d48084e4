import { engineKind } from './database-url.js';
import type { WithFacts } from './input.js';
import { keptDatabase } from './kept-database.js';

/** A place next to the code that has to outlive the release. */
export interface Kept {
  /** Relative to the root of the source. */
  readonly path: string;
  /** Absolute, in kept data. Its first content is what the source has at `path`. */
  readonly to: string;
  /** `link`: the source's place becomes a link to it. `seed`: settings are pointed at it, the source's place stays. */
  readonly how: 'link' | 'seed';
  readonly kind: 'file' | 'folder';
  /** Folders below it that the settings name too, relative to it: made with it. */
  readonly folders?: readonly string[];
  readonly reason: string;
}

/** Places next to the code that the settings write to, or keep data in. */
export function keptPlaces(input: WithFacts): Kept[] {
  const found = [...databaseFiles(input), ...uploads(input), ...folders(input)];
  return [...new Map(found.map((kept) => [kept.path, kept])).values()];
}

function databaseFiles({ facts, place, probed }: WithFacts): Kept[] {
  return Object.entries(facts.databases).flatMap(([alias, { engine, name }]) => {
    const path = below(probed, name ?? '');
    if (engineKind(engine) !== 'sqlite' || path === undefined) return [];
    const reason = `the database ${JSON.stringify(alias)}`;
    return [{ path, to: keptDatabase(place.paths, alias), how: 'seed', kind: 'file', reason } as const];
  });
}

function uploads({ facts, place, probed }: WithFacts): Kept[] {
  const path = below(probed, String(facts.settings['MEDIA_ROOT']?.value ?? ''));
  return path === undefined ? [] : [{ path, to: place.paths.media, how: 'seed', kind: 'folder', reason: 'MEDIA_ROOT' }];
}

/** Settings that have a pin of their own, or name folders that are only read. */
const ELSEWHERE =
  /^(STATIC_ROOT|MEDIA_ROOT|STATICFILES_DIRS|TEMPLATE_DIRS|LOCALE_PATHS|FIXTURE_DIRS|SESSION_FILE_PATH|EMAIL_FILE_PATH|FILE_UPLOAD_TEMP_DIR)$/;
const WRITTEN =
  /(^|_)(DATA|LOGS?|LOGGING|CACHE|INDEX|UPLOADS?|QUEUE|TMP|TEMP|VAR|BACKUPS?|EXPORTS?|SPOOL|STATE|WHOOSH|SENDFILE|PRIVATE|PROTECTED|STORAGE|RUN|CONSUME|CONSUMPTION|INBOX|INCOMING|INGEST|OUTBOX|SCRATCH|ATTACHMENTS?|DOWNLOADS?)(_|$)/;
const FOLDER = /(DIR|DIRECTORY|FOLDER|ROOT|PATH|LOCATION)S?$|^(DATA|LOGS)$/;
const WRITTEN_FOLDER =
  /^(data|logs?|cache|index|whoosh(_index)?|uploads?|queue|tmp|temp|var|backups?|exports?|spool|state|private|protected|sendfile|consume|inbox|incoming|ingest|outbox|scratch|attachments|downloads)$/i;

function folders({ facts, place, probed }: WithFacts): Kept[] {
  const named = Object.entries(facts.settings).flatMap(([name, { value, explicit }]) => {
    if (!explicit || typeof value !== 'string' || ELSEWHERE.test(name)) return [];
    const path = below(probed, value);
    if (path === undefined) return [];
    if (!looksWritten(name, path)) return [];
    return [link(path, name, place.paths.data)];
  });
  return outermost([...named, ...searchIndexes(facts.settings['HAYSTACK_CONNECTIONS']?.value, probed, place.paths.data)]);
}

function looksWritten(name: string, path: string): boolean {
  const last = path.split('/').at(-1) ?? '';
  // A file is its program's own business: only whole folders are moved.
  if (/\.\w{1,8}$/.test(last)) return false;
  return FOLDER.test(name) && (WRITTEN.test(name) || WRITTEN_FOLDER.test(last));
}

function searchIndexes(connections: unknown, probed: string, data: string): Kept[] {
  if (typeof connections !== 'object' || connections === null) return [];
  return Object.values(connections).flatMap((connection: unknown) => {
    if (typeof connection !== 'object' || connection === null || !('PATH' in connection)) return [];
    const path = below(probed, String(connection.PATH));
    return path === undefined ? [] : [link(path, 'HAYSTACK_CONNECTIONS', data)];
  });
}

function link(path: string, reason: string, data: string): Kept {
  return { path, to: `${data}/kept/${path}`, how: 'link', kind: 'folder', reason };
}

/** A folder inside another that is kept is kept with it. */
function outermost(found: readonly Kept[]): Kept[] {
  const inside = (path: string, outer: string): boolean => path.startsWith(`${outer}/`);
  return found
    .filter(({ path }) => !found.some((other) => inside(path, other.path)))
    .map((outer) => {
      const folders = found.filter(({ path }) => inside(path, outer.path)).map(({ path }) => path.slice(outer.path.length + 1));
      return folders.length === 0 ? outer : { ...outer, folders };
    });
}

/** Relative to the root; undefined for the root itself, for what lies outside, and for what climbs out. */
function below(root: string, path: string): string | undefined {
  const relative = path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path.startsWith('/') ? '' : path;
  const clean = relative.replace(/\/+$/, '');
  return clean === '' || clean === '.' || clean.split('/').includes('..') || clean.includes(':') ? undefined : clean;
}
