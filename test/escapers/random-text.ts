/** Reproducible: a failure names a seed, not luck. Numbers from 0 up to but not 1. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: they are what shells and nginx would read
/** What means something to one of the languages, whole or in part. */
const SPECIAL = [
  ...' "\'\\${};#\t\n\r()[]|^~*?+-=@,.<>&%!`:/_0aZ',
  ...['$uri', '${HOME}', '$$', '$(id)', '%h', '%%', '%n', '\\n', '\\x41', '\\"', "\\'", "''", '""', '/*', '*/', '--', '<!--'],
  ...[
    'include',
    ':x',
    ":'x'",
    '\\q',
    '\\gexec',
    'EOF',
    '#{}',
    '!!',
    '~root',
    '\u0001',
    '\u001b[31m',
    '\u007f',
    '\u0085',
    '\u00a0',
  ],
  ...['ä', 'ÿ', '€', '𝒳', '😀', 'e\u0301', '\u200d', '\u202e', '\u2028', '\u2029', '\ufeff', '\uff07', '\u02bc', '\0', '\ud800'],
];
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: they are what shells and nginx would read

const MOST_PIECES = 12;

/** A short text in which every second character means something somewhere. */
export function randomText(next: () => number): string {
  let text = '';
  for (let left = Math.floor(next() * MOST_PIECES); left > 0; left--) {
    const special = next() < 0.6 ? SPECIAL[Math.floor(next() * SPECIAL.length)] : undefined;
    text += special ?? String.fromCodePoint(1 + Math.floor(next() * (next() < 0.9 ? 0xd7fe : 0x10fffe)));
  }
  return text;
}

const PLAIN = [...'azAZ09_@%+=:./-', '%h', '%%', '%n', '..', './', '--', '~', ' ', 'ä'];

/** A short text of characters that a language of plain words takes, now and then with one that it does not. */
export function plainText(next: () => number): string {
  const pieces = Array.from({ length: Math.floor(next() * MOST_PIECES) }, () =>
    next() < 0.01
      ? SPECIAL[Math.floor(next() * SPECIAL.length)]
      : PLAIN[Math.floor(next() * (PLAIN.length - (next() < 0.95 ? 3 : 0)))],
  );
  return pieces.join('');
}
