/** Repeatable randomness for property tests: a failing seed is in the message of the assertion. */
export interface Random {
  readonly seed: number;
  /** From 0 up to, not including, the limit. */
  below(limit: number): number;
  pick<T>(items: readonly [T, ...T[]]): T;
  text(alphabet: string, longest: number): string;
}

/** mulberry32 */
export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    seed,
    below,
    pick: ([first, ...rest]) => {
      const index = below(rest.length + 1);
      return index === 0 ? first : (rest[index - 1] ?? first);
    },
    text: (alphabet, longest) => {
      const letters = [...alphabet];
      return Array.from({ length: below(longest + 1) }, () => letters[below(letters.length)] ?? '').join('');
    },
  };
}

/** Everything that some language of configuration has a use for. */
export const HOSTILE = 'aZ09 _-.,:;=/\\|&<>()[]{}$`\'"*?~#!%^@+\t\néß漢😀\u00a0\u0085\u200b\u2028\u202e\ufeff';

/** Runs a property for seeds 1…count. */
export function everySeed(count: number, property: (random: Random) => void): void {
  for (let seed = 1; seed <= count; seed++) property(random(seed));
}
