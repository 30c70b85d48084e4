/** Each of the same width, so that what was aligned stays aligned. */
const PLAIN: Readonly<Record<string, string>> = {
  '✔': '+',
  '✖': 'x',
  '⚠': '!',
  '·': '-',
  '→': '>',
  '×': 'x',
  '…': '~',
  '│': '|',
  '●': '*',
  '○': 'o',
  '–': '-',
  '“': '"',
  '”': '"',
  '’': "'",
  '≥': '>',
  '≤': '<',
};

const SYMBOLS = new RegExp(`[${Object.keys(PLAIN).join('')}\u2800-\u28ff]`, 'gu');
const WHEEL = ['|', '/', '-', '\\'];

/** Slipway's own symbols in ASCII, for terminals whose locale is not UTF-8. The user's own words stay as they are. */
export function plainCharacters(text: string): string {
  return text.replace(SYMBOLS, (symbol) => PLAIN[symbol] ?? WHEEL[(symbol.codePointAt(0) ?? 0) % WHEEL.length] ?? '*');
}
