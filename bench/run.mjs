import { Ground } from './ground.mjs';
import { PARTS } from './parts.mjs';
import { table } from './table.mjs';

/** Runs the named parts, or all; prints the table; 0 when every mark was reached, 1 when one was not. */
export async function bench(names) {
  const unknown = names.filter((name) => !(name in PARTS));
  if (unknown.length > 0) {
    console.error(`no such part: ${unknown.join(', ')}; there are ${Object.keys(PARTS).join(', ')}`);
    return 2;
  }
  const ground = await Ground.lay();
  const rows = [];
  try {
    for (const [name, part] of Object.entries(PARTS)) {
      if (names.length > 0 && !names.includes(name)) continue;
      console.error(`… ${name}`);
      for await (const row of part(ground)) {
        rows.push(row);
        console.error(`  ${row.what}: ${row.measured}`);
      }
    }
  } finally {
    await ground.end();
  }
  console.log(table(rows));
  return rows.every(({ ok }) => ok) ? 0 : 1;
}
