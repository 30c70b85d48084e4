const COLUMNS = ['what', 'measured', 'floor', 'ratio', 'wanted', 'ok'];

/** Rows of texts, as a table whose columns stand below each other. */
export function table(rows) {
  const texts = [COLUMNS, ...rows.map((row) => COLUMNS.map((name) => cell(row[name])))];
  const widths = COLUMNS.map((_, column) => Math.max(...texts.map((line) => line[column].length)));
  return texts
    .map((line) =>
      line
        .map((text, column) => text.padEnd(widths[column]))
        .join(' | ')
        .trimEnd(),
    )
    .join('\n');
}

const cell = (value) => (value === undefined ? '' : typeof value === 'boolean' ? (value ? 'yes' : 'NO') : String(value));

export const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;
export const ratio = (value) => value.toFixed(2);

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
