import { columns, padTo } from '../../reporters/line-width.js';

/** Rows as aligned columns, two spaces before and three between. Cells may be painted. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, columns(cell));
    });
  return rows.map((row) => `  ${row.map((cell, i) => padTo(cell, widths[i] ?? 0)).join('   ')}`.trimEnd());
}
