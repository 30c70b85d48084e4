import type { Variable } from '../../../core/project.js';

const OPPOSITE: Readonly<Record<string, string>> = {
  true: 'false',
  yes: 'no',
  on: 'off',
  y: 'n',
  t: 'f',
  '1': '0',
  enabled: 'disabled',
};
const FALSE_WORDS = new Set(Object.values(OPPOSITE));

/** False, as this variable's parser wants it spelled. `bool("False")` is True in Python, `int("False")` an error. */
export function spellFalse(variable: Variable): string {
  if (variable.off !== undefined) return variable.off;
  if (variable.type === 'int') return '0';
  if (variable.type === 'json') return 'false';
  const written = variable.default ?? '';
  if (FALSE_WORDS.has(written.toLowerCase())) return written;
  const opposite = OPPOSITE[written.toLowerCase()];
  if (opposite !== undefined) return likeCase(opposite, written);
  return variable.type === 'bool' ? 'False' : '';
}

function likeCase(word: string, model: string): string {
  if (model === model.toUpperCase()) return word.toUpperCase();
  return model[0] === model[0]?.toUpperCase() ? word[0]?.toUpperCase() + word.slice(1) : word;
}

/** Several values in one variable: joined as the project takes them apart, JSON where it parses JSON, the first where it takes only one. */
export function spellList(variable: Variable, items: readonly string[]): string {
  if (variable.type === 'json') return JSON.stringify(items);
  if (variable.type === 'list') return items.join(variable.separator ?? ',');
  return items[0] ?? '';
}
