import { Failure } from '../core/failure.js';

/** One line of tmpfiles.d(5): a folder that has to be there, whose it is, and who else may enter it; or an empty file to begin with. */
export interface FolderLine {
  readonly kind?: 'folder' | 'file';
  readonly path: string;
  /** Four octal digits. */
  readonly mode: string;
  readonly user: string;
  readonly group: string;
  /** Entries of the folder's access control list beside its mode: `u:www-data:--x`, `d:u:www-data:rw-`. */
  readonly acl?: readonly string[];
}

/** The text of a file of tmpfiles.d: https://www.freedesktop.org/software/systemd/man/latest/tmpfiles.d.html @throws Failure UNSAFE_VALUE */
export const tmpfilesConf = (folders: readonly FolderLine[]): string =>
  [
    '# Written by Slipway; changes are overwritten.',
    ...folders.flatMap(({ kind, path, mode, user, group, acl = [] }) => [
      `${kind === 'file' ? 'f' : 'd'} ${word(path)} ${word(mode)} ${word(user)} ${word(group)}`,
      ...(acl.length === 0 ? [] : [`a+ ${word(path)} - - - - ${acl.map(word).join(',')}`]),
    ]),
    '',
  ].join('\n');

/** The one escaper for tmpfiles.d: paths, names and modes of plain characters alone; `%` is doubled. */
function word(text: string): string {
  if (/^[\w@%+=:./-]+$/.test(text)) return text.replaceAll('%', '%%');
  throw new Failure('UNSAFE_VALUE', 'config', `systemd-tmpfiles cannot be told ${JSON.stringify(text)}`, {
    hint: 'choose a plainer name or path',
  });
}
