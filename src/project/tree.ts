import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
} from 'node:fs';
import { posix } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Found, found } from '../core/found.js';
import { nameFromBytes } from '../core/path-name.js';
import { diskPath } from './disk-path.js';
import { isSkippedFile, isSkippedName, isVirtualEnvironment } from './skipped-folders.js';

/** A source file larger than this is not read for hints: no settings module comes near it. */
const READ_LIMIT = 4 * 1024 * 1024;
/** Folders walked before others get a turn, so that Ctrl-C works in a huge tree. */
const FOLDERS_A_TURN = 256;

export interface TreeFile {
  /** Relative to the root, `/` between parts; bytes that are no UTF-8 as in `core/path-name`. */
  readonly path: string;
  /** For a symbolic link, what it says. */
  readonly link?: string;
}

/** A source tree as one walk saw it. Contents are read at need, once. */
export class Tree {
  readonly #paths = new Map<string, TreeFile>();
  readonly #folders: ReadonlySet<string>;
  readonly #byName = new Map<string, string[]>();
  readonly #byFolder = new Map<string, string[]>();
  readonly #texts = new Map<string, string | undefined>();

  constructor(
    /** Absolute and real. */
    readonly root: string,
    /** Sorted by path. */
    readonly files: readonly TreeFile[],
    folders: readonly string[],
    /** What was left out and why: links that leave the tree, folders that cannot be read. */
    readonly notes: readonly Found<string>[],
  ) {
    for (const file of files) {
      this.#paths.set(file.path, file);
      grouped(this.#byName, nameOf(file.path)).push(file.path);
      grouped(this.#byFolder, parentOf(file.path)).push(file.path);
    }
    this.#folders = new Set(folders);
  }

  has(path: string): boolean {
    return this.#paths.has(path);
  }

  /** '' is the root itself. */
  hasFolder(path: string): boolean {
    return path === '' || this.#folders.has(path);
  }

  /** The file's text; undefined when there is none, or it cannot be read, or is too large for a source file. */
  text(path: string): string | undefined {
    if (!this.#texts.has(path)) this.#texts.set(path, this.#paths.has(path) ? readText(diskPath(this.root, path)) : undefined);
    return this.#texts.get(path);
  }

  /** As `text`, but nothing is kept: for looking through many files once. */
  glance(path: string): string | undefined {
    return this.#texts.get(path) ?? (this.#paths.has(path) ? readText(diskPath(this.root, path)) : undefined);
  }

  /** Paths of the files whose name matches. */
  named(name: string | RegExp): string[] {
    if (typeof name === 'string') return [...(this.#byName.get(name) ?? [])];
    const fitting = [...this.#byName].filter(([other]) => name.test(other));
    return fitting.flatMap(([, paths]) => paths).sort();
  }

  /** Paths of the files directly in a folder. */
  filesIn(folder: string): readonly string[] {
    return this.#byFolder.get(folder) ?? [];
  }
}

function grouped(groups: Map<string, string[]>, key: string): string[] {
  const group = groups.get(key) ?? [];
  groups.set(key, group);
  return group;
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

export const parentOf = (path: string): string => {
  const at = path.lastIndexOf('/');
  return at < 0 ? '' : path.slice(0, at);
};

export const join = (folder: string, name: string): string => posix.normalize(folder === '' ? name : `${folder}/${name}`);

/** Without byte order mark, lines ending in `\n`. */
function plainLines(text: string): string {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  return body.includes('\r') ? body.replaceAll('\r\n', '\n') : body;
}

function readText(path: string | Buffer): string | undefined {
  try {
    // Not blocking: a pipe that took the file's place must not hang us.
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = fstatSync(descriptor);
      if (!stat.isFile() || stat.size > READ_LIMIT) return undefined;
      return plainLines(readFileSync(descriptor, 'utf8'));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}

interface Walk {
  readonly files: TreeFile[];
  readonly folders: string[];
  readonly notes: Found<string>[];
}

/** Walks a source tree once. Links are not followed. Rejects only when `root` itself cannot be read (a Node error with `code`). */
export async function readTree(root: string): Promise<Tree> {
  const real = realpathSync(root);
  readdirSync(real);
  const walk: Walk = { files: [], folders: [], notes: [] };
  const waiting = [''];
  for (let turn = 1, folder = waiting.pop(); folder !== undefined; turn += 1, folder = waiting.pop()) {
    visit(real, folder, walk, waiting);
    if (turn % FOLDERS_A_TURN === 0) await setImmediate();
  }
  walk.files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return new Tree(real, walk.files, walk.folders, walk.notes);
}

function list(root: string, folder: string): Dirent<Buffer>[] | undefined {
  try {
    return readdirSync(diskPath(root, folder), { withFileTypes: true, encoding: 'buffer' });
  } catch {
    return undefined;
  }
}

function visit(root: string, folder: string, walk: Walk, waiting: string[]): void {
  const entries = list(root, folder);
  if (entries === undefined) {
    walk.notes.push(found(`the folder ${folder} cannot be read and is left out`, folder));
    return;
  }
  const names = entries.map((entry) => nameFromBytes(entry.name));
  if (folder !== '' && isVirtualEnvironment(names)) return;
  if (folder !== '') walk.folders.push(folder);
  entries.forEach((entry, index) => {
    const name = names[index] ?? '';
    const path = folder === '' ? name : `${folder}/${name}`;
    if (entry.isDirectory()) {
      if (!isSkippedName(name)) waiting.push(path);
    } else if (entry.isSymbolicLink()) visitLink(root, path, walk);
    else if (!entry.isFile()) walk.notes.push(found(`${path} is neither file nor folder and is left out`, path));
    else if (!isSkippedFile(name)) walk.files.push({ path });
  });
}

function visitLink(root: string, path: string, walk: Walk): void {
  if (isSkippedName(posix.basename(path))) return;
  const disk = diskPath(root, path);
  const link = nameFromBytes(readlinkSync(disk, { encoding: 'buffer' }));
  walk.files.push({ path, link });
  try {
    const target = realpathSync(disk);
    if (target !== root && !target.startsWith(`${root}/`)) {
      walk.notes.push(found(`the link ${path} leaves the project (${link}): what it points at is not part of a release`, path));
    }
  } catch {
    walk.notes.push(found(`the link ${path} points at nothing (${link})`, path));
  }
}
