import { appendFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export interface JournalFile {
  readonly append: (text: string) => void;
  /** Writes what was only remembered so far; gives the file's path, or nothing where it cannot be written. */
  readonly keep: () => string | undefined;
}

const KEPT_FILES = 50;
const REMEMBERED_LINES = 5000;

/**
 * The events of one command in a file of their own, which only this user reads. A command that changes nothing leaves no file, unless `keep`
 * is asked for. No failure to write here fails the command.
 * @param at when the command began
 */
export function journalFile(home: string, command: string, at: Date, changesThings: boolean): JournalFile {
  const folder = join(home, 'journal');
  const stamp = at.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const path = join(folder, `${stamp}-${command.replaceAll(' ', '-')}-${process.pid}.jsonl`);
  const remembered: string[] = [];
  let written = false;
  const write = (text: string): boolean => {
    try {
      if (!written) {
        // Services that run as another user must reach their own folders below the home: only the journal is private.
        mkdirSync(home, { recursive: true });
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        dropOldest(folder);
      }
      appendFileSync(path, text, { mode: 0o600 });
      written = true;
      return true;
    } catch {
      return false;
    }
  };
  return {
    append: (text) => {
      if (changesThings) write(text);
      else if (remembered.length < REMEMBERED_LINES) remembered.push(text);
    },
    keep: () => {
      const rest = remembered.splice(0).join('');
      return (rest === '' ? written : write(rest)) ? path : undefined;
    },
  };
}

function dropOldest(folder: string): void {
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  for (const name of files.sort().slice(0, Math.max(0, files.length - KEPT_FILES + 1)))
    rmSync(join(folder, name), { force: true });
}
