import { Failure } from '../core/failure.js';

/**
 * The one escaper for values in supervisor's configuration (Python's RawConfigParser with `;` and `#` as inline comments, then `%` expansion:
 * https://supervisord.org/configuration.html). Its language cannot say everything, so what it cannot is refused.
 * @throws Failure UNSAFE_VALUE when the text holds a line break or another control character, a blank at an end, or a `;` or `#` after a blank
 */
export function iniValue(text: string): string {
  const unsayable = hasControl(text) || text.trim() !== text || /\s[;#]/.test(text) || /^[;#]/.test(text) || text.includes('\0');
  if (unsayable) throw unsafe(text, 'holds a line break, a blank at an end, or a ; or # after a blank');
  return text.replaceAll('%', '%%');
}

/**
 * A command line as supervisor reads it: the INI language around `shlex.split`. Here a `;` after a blank can be said, between quotes that part the two.
 * @throws Failure UNSAFE_VALUE when a word holds a line break or another control character
 */
export function iniCommand(argv: readonly string[]): string {
  return argv.map(word).join(' ').replaceAll('%', '%%');
}

function word(text: string): string {
  if (hasControl(text)) throw unsafe(text, 'holds a line break');
  if (/^[\w@+=:,./-]+$/.test(text)) return text;
  const inner = text.replaceAll("'", `'"'"'`).replace(/(\s)(?=[;#])/g, "$1''");
  return `'${inner}'`;
}

/**
 * A name that stands in a section's head or in a list.
 * @throws Failure UNSAFE_VALUE when it is not made of letters, digits, dots, dashes and underscores
 */
export function iniName(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(text)) return text;
  throw unsafe(text, 'is no plain name');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for; the Unicode ones end a line for Python
const hasControl = (text: string): boolean => /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text);

const unsafe = (text: string, why: string): Failure =>
  new Failure('UNSAFE_VALUE', 'environment', `${JSON.stringify(text)} ${why}: the process supervisor cannot be told it`, {
    hint: 'SLIPWAY_HOME=/a/plain/path slipway up',
  });
