// Writes docs/findings from the rules of src/findings, a page each. `--check`: says what differs and writes nothing.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'docs/findings');
const { RULES } = await import(join(root, 'dist/src/findings/rules.js'));
const { findingPage, findingsList } = await import(join(root, 'dist/src/findings/pages.js'));

const wanted = new Map([['README.md', findingsList(RULES)], ...RULES.map((rule) => [`${rule.id}.md`, findingPage(rule)])]);
mkdirSync(folder, { recursive: true });
const there = readdirSync(folder).filter((name) => name.endsWith('.md'));
const read = (name) => (there.includes(name) ? readFileSync(join(folder, name), 'utf8') : undefined);
const different = [...wanted].filter(([name, text]) => read(name) !== text);
const left = there.filter((name) => !wanted.has(name));
if (process.argv.includes('--check')) {
  for (const name of [...different.map(([name]) => name), ...left])
    console.error(`docs/findings/${name} is not as src/findings has it`);
  if (different.length + left.length > 0) {
    console.error('node scripts/generate-findings.mjs');
    process.exit(1);
  }
} else {
  for (const [name, text] of different) writeFileSync(join(folder, name), text);
  for (const name of left) rmSync(join(folder, name));
  console.log(`docs/findings: ${different.length} written, ${left.length} removed, ${wanted.size} in all`);
}
