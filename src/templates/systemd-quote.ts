import { Failure } from '../core/failure.js';

/**
 * The escapers for systemd's unit files (https://www.freedesktop.org/software/systemd/man/latest/systemd.syntax.html). Each kind of
 * directive reads its value its own way, so that there is one function for each; what the language cannot say is refused.
 */

/**
 * One word of a command line: `ExecStart=` and its like. Inside double quotes, with the escapes of C, `%` doubled against specifiers and `$`
 * against variables.
 * @throws Failure UNSAFE_VALUE for NUL and for broken Unicode
 */
export function execWord(text: string): string {
  sayable(text);
  if (/^[\w@+=:,./-]+$/.test(text)) return text;
  return `"${escaped(text).replaceAll('$', '$$$$')}"`;
}

/**
 * A command line. The program is a path: systemd reads `@`, `-`, `:`, `+`, `!` and `|` before it as orders.
 * @throws Failure UNSAFE_VALUE for a program that is no absolute path of plain characters, and as `execWord` does
 */
export function execLine(argv: readonly string[]): string {
  const [program = '', ...words] = argv;
  if (!/^\/[\w@+=:,./-]+$/.test(program)) throw refused(program, 'is no absolute path of plain characters');
  return [program, ...words.map(execWord)].join(' ');
}

/**
 * A word in a list (`Environment=`, `ReadWritePaths=`, `TemporaryFileSystem=`): as in a command line, but for `$`, which means nothing there.
 * @throws Failure UNSAFE_VALUE for control characters, which lists of paths cannot be told, and for broken Unicode
 */
export function listWord(text: string): string {
  sayable(text);
  if (hasControl(text)) throw refused(text, 'holds a control character');
  return /^[\w@+=:,./-]+$/.test(text) ? text : `"${escaped(text)}"`;
}

/**
 * A value that is taken as it stands to the end of its line: `Description=`, `WorkingDirectory=`, what follows the colon in
 * `LoadCredential=`.
 * @throws Failure UNSAFE_VALUE for control characters, blanks at an end, a backslash at the end, quotes around the whole, and an empty text
 */
export function lineValue(text: string): string {
  sayable(text);
  if (hasControl(text)) throw refused(text, 'holds a control character');
  // A value in quotes would lose them, and an empty one means "forget what was said before".
  if (text.trim() !== text || text === '' || /\\$/.test(text) || /^(["']).*\1$/.test(text)) {
    throw refused(text, 'is empty, quoted, or has a blank or a backslash at an end');
  }
  return text.replaceAll('%', '%%');
}

/**
 * A name of a unit, user, group or credential: `shop-web@20261121-104512-3f9c2e1.service`.
 * @throws Failure UNSAFE_VALUE for anything but letters, digits, dots, dashes, underscores and one `@`
 */
export function unitName(text: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.-]*(?:@[A-Za-z0-9_.-]*)?$/.test(text) && text.length <= 255) return text;
  throw refused(text, 'is no plain name');
}

function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is written otherwise
  return text.replace(/[\\"%\u0001-\u001f\u007f-\u009f]/g, (character) => {
    if (character === '%') return '%%';
    if (character === '\\' || character === '"') return `\\${character}`;
    return [...new TextEncoder().encode(character)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const hasControl = (text: string): boolean => /[\u0001-\u001f\u007f-\u009f]/.test(text);

function sayable(text: string): void {
  if (text.includes('\0')) throw refused(text, 'holds a NUL');
  if (/\p{Surrogate}/u.test(text)) throw refused(text, 'is not valid Unicode');
  // Noncharacters are valid in Unicode and not for systemd: https://github.com/systemd/systemd/blob/v257/src/basic/utf8.c
  if (/\p{Noncharacter_Code_Point}/u.test(text)) throw refused(text, 'holds a character that systemd refuses');
}

const refused = (text: string, why: string): Failure =>
  new Failure('UNSAFE_VALUE', 'config', `systemd cannot be told ${JSON.stringify(text)}: it ${why}`, {
    hint: 'choose a plainer name or path',
  });
