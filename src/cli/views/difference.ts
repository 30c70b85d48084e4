/** One line of a comparison: `+` new, `-` gone, ` ` the same. */
export interface ComparedLine {
  readonly sign: '+' | '-' | ' ';
  readonly text: string;
}

/** Compares two short texts line by line, by their longest common subsequence. */
export function difference(before: string, after: string): ComparedLine[] {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  const common = commonLengths(old, fresh);
  const at = (i: number, j: number) => common[i]?.[j] ?? 0;
  const compared: ComparedLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < fresh.length) {
    const [oldLine, newLine] = [old[i], fresh[j]];
    if (oldLine !== undefined && oldLine === newLine) {
      compared.push({ sign: ' ', text: oldLine });
      i++;
      j++;
    } else if (oldLine !== undefined && (newLine === undefined || at(i + 1, j) >= at(i, j + 1))) {
      compared.push({ sign: '-', text: oldLine });
      i++;
    } else {
      compared.push({ sign: '+', text: newLine ?? '' });
      j++;
    }
  }
  return compared;
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

/** `[i][j]`: how many lines the rests from line i and from line j have in common. */
function commonLengths(old: readonly string[], fresh: readonly string[]): number[][] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Array<number>(fresh.length + 1).fill(0));
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = fresh.length - 1; j >= 0; j--) {
      const row = lengths[i];
      if (row) row[j] = old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  return lengths;
}
