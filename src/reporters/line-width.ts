// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
const ESCAPES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const NO_WIDTH = /^(?:\p{Mn}|\p{Me}|[\u200b-\u200d]|[\ufe00-\ufe0f])$/u;
/** East Asian wide and full-width, and pictures: https://www.unicode.org/reports/tr11/ */
const WIDE =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}])$/u;

/** One line of foreign text made harmless to a terminal: no escape sequence, no control character, of a redrawn line its last state. */
export function cleanLine(text: string): string {
  const drawn = text.replace(ESCAPES, '').replace(/[\r\n]+$/, '');
  return drawn
    .slice(drawn.lastIndexOf('\r') + 1)
    .replaceAll('\t', '    ')
    .replaceAll('\n', ' ')
    .replace(CONTROLS, '');
}

/** Columns that a text takes on a terminal; colours take none. */
export function columns(text: string): number {
  let sum = 0;
  for (const character of text.replace(ESCAPES, '')) sum += widthOf(character);
  return sum;
}

const widthOf = (character: string): number => {
  if (character < '\u0300') return 1;
  return NO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
};

/** An unpainted text in at most `width` columns, `…` at its end where something was cut. */
export function truncate(text: string, width: number): string {
  if (columns(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const character of text) {
    used += widthOf(character);
    if (used > width - 1) break;
    kept += character;
  }
  return width < 1 ? '' : kept.trimEnd() + '…';
}

/** An unpainted text in lines of at most `width` columns, broken at spaces where there are any. Never empty. */
export function wrap(text: string, width: number): string[] {
  const most = Math.max(width, 8);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (columns(longer) <= most) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = cut(word, most);
    line = pieces.pop() ?? '';
    lines.push(...pieces);
  }
  return [...lines, line];
}

function cut(word: string, width: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const character of word) {
    if (columns(piece + character) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...pieces, piece];
}

/** The text with spaces after it up to `width` columns. */
export const padTo = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - columns(text)));
