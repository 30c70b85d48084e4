import { Failure } from '../core/failure.js';

/** nginx reads its configuration through a 4 KiB buffer and refuses a longer word. */
const LONGEST = 4000;

const refuse = (text: string, why: string): Failure =>
  new Failure('EDGE_VALUE', 'config', `nginx cannot be given ${JSON.stringify(text)}: ${why}`, {
    hint: 'Move Slipway’s state to a plainer path: SLIPWAY_HOME=/srv/slipway slipway up',
  });

/**
 * The one escaper for nginx: any text as one word of a configuration file.
 * `literal`: directives that take the word as it is. `value`: directives that put variables in it; there a `$` is written through a
 * variable that `DOLLAR` defines, because nginx has no escape for it. `fixed`: directives that would put variables in it but must not
 * (`ssl_certificate` would load the key for every connection): a `$` is refused.
 * Throws EDGE_VALUE for control characters, broken Unicode and words longer than nginx reads.
 */
export function quoteNginx(text: string, where: 'literal' | 'value' | 'fixed' = 'literal'): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\u0000-\u001f\u007f]/.test(text)) throw refuse(text, 'it has a control character');
  if (/\p{Surrogate}/u.test(text)) throw refuse(text, 'it is not valid Unicode');
  if (where === 'fixed' && text.includes('$')) throw refuse(text, 'nginx would read the $ as a variable');
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is nginx that reads it
  const word = where === 'value' ? escaped.replaceAll('$', '${slipway_dollar}') : escaped;
  if (new TextEncoder().encode(word).length > LONGEST) throw refuse(text, `it is longer than ${LONGEST} bytes`);
  return `"${word}"`;
}

/** Defines `$slipway_dollar`, which `quoteNginx(…, 'value')` uses; `geo` is the one block whose values nginx does not interpolate. */
export const DOLLAR = 'geo $slipway_dollar { default "$"; }';

/** The text as a regular expression that matches it and nothing else; to be quoted for nginx after. */
export const matchLiterally = (text: string): string => text.replace(/[\\^$.|?*+()[\]{}#\s-]/g, '\\$&');
