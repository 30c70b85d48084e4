import { CST, Lexer } from 'yaml';
import type { Problem } from './source.js';

const LONGEST = 256 * 1024;
const DEEPEST_FLOW = 30;
const DEEPEST_LINE = 10;

/** What must be refused before the file is parsed: the parser's time and memory grow out of all measure with nesting and explicit keys. */
export function lexicalProblem(text: string): Problem | undefined {
  if (text.length > LONGEST)
    return { code: 'CONFIG_TOO_LARGE', at: LONGEST, message: `the file is larger than ${LONGEST / 1024} kB` };
  return controlCharacter(text) ?? nesting(text);
}

function controlCharacter(text: string): Problem | undefined {
  const found = /(?![\t\r\n\u0085])\p{Cc}|\r(?!\n)/u.exec(text);
  if (found === null) return undefined;
  const code = found[0].charCodeAt(0).toString(16).padStart(4, '0').toUpperCase();
  return { code: 'CONFIG_SYNTAX', at: found.index, message: `a control character (U+${code}) may not stand here` };
}

function nesting(text: string): Problem | undefined {
  let at = 0;
  let flow = 0;
  let line = 0;
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token);
    if (type === 'explicit-key-ind')
      return { code: 'CONFIG_SYNTAX', at, message: 'keys are written without `?`', hint: 'name: value' };
    if (type === 'flow-seq-start' || type === 'flow-map-start') flow += 1;
    if (type === 'flow-seq-end' || type === 'flow-map-end') flow -= 1;
    if (type === 'newline') line = 0;
    if (type === 'seq-item-ind') line += 1;
    if (flow > DEEPEST_FLOW || line > DEEPEST_LINE)
      return { code: 'CONFIG_SYNTAX', at, message: 'the values are nested too deeply' };
    // The lexer's marks (byte order mark, document, end of flow, scalar) are not in the text, except the first.
    if (!isMark(token)) at += token.length;
  }
  return undefined;
}

const isMark = (token: string): boolean => token === CST.DOCUMENT || token === CST.FLOW_END || token === CST.SCALAR;
