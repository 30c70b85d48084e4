import { Failure } from '../core/failure.js';
import { matchLiterally } from './nginx-quote.js';

const refuse = (text: string, why: string): Failure =>
  new Failure('EDGE_VALUE', 'config', `Apache cannot be given ${JSON.stringify(text)}: ${why}`, {
    hint: 'choose a plainer name or path in slipway.yml',
  });

/**
 * The one escaper for Apache: any text as one argument of a directive. Apache puts variables (`${NAME}`) into every line and has no escape
 * for them, and some directives read `%` and a leading `|` or `expr=` as orders: what they could read is refused.
 * https://httpd.apache.org/docs/2.4/configuring.html#syntax
 * @throws Failure EDGE_VALUE
 */
export function quoteApache(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\u0000-\u001f\u007f]/.test(text)) throw refuse(text, 'it has a control character');
  if (/\p{Surrogate}/u.test(text)) throw refuse(text, 'it is not valid Unicode');
  if (/[$%]/.test(text)) throw refuse(text, 'Apache would read $ or % as the beginning of a variable');
  if (/^(?:[|]|expr=)/.test(text)) throw refuse(text, 'Apache would read it as an order');
  return quoted(text);
}

/**
 * A program and its arguments, as one argument of a directive that cuts it at blanks.
 * @param kind what the directive calls a program @throws Failure EDGE_VALUE
 */
export function quoteProgram(kind: string, argv: readonly string[]): string {
  const odd = argv.find((word) => !/^[^"'\\]+$/.test(word));
  if (odd !== undefined) throw refuse(odd, 'it would not be one word of a command');
  return quoteApache(kind + argv.map((word) => (/\s/.test(word) ? `'${word}'` : word)).join(' '));
}

/** A regular expression of our own as one argument. */
export const pattern = (regex: string): string => quoted(regex);

/** A path as a part of any regular expression of our own, one for mod_rewrite too. @throws Failure EDGE_VALUE */
export function literalPattern(path: string): string {
  if (/["']/.test(path)) throw refuse(path, 'it has a quote');
  quoteApache(path);
  return matchLiterally(path);
}

/** The same for mod_rewrite, which reads its lines by itself and takes no backslash away. It must hold no quote. */
export const rewritePattern = (regex: string): string => `"${regex}"`;

/** Inside double quotes Apache takes a backslash away from before another and from before a quote, and from nowhere else. */
const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
