// Writes what is made from the schema of slipway.yml: the JSON Schema for editors and the reference page. `--check` compares only, and says what differs.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const built = (path) => import(pathToFileURL(join(ROOT, 'dist/src', path)).href);

const { jsonSchema } = await built('config/json-schema.js');
const { configReference } = await built('config/reference.js');

const FILES = {
  'schema/slipway.schema.json': `${JSON.stringify(jsonSchema(), null, 2)}\n`,
  'docs/reference/config.md': configReference(),
};

const stale = Object.entries(FILES).filter(([path, text]) => before(path) !== text);
if (process.argv.includes('--check')) {
  for (const [path] of stale)
    console.error(`${path} is not what the schema says now:  npm run build && node scripts/generate.mjs`);
  process.exit(stale.length === 0 ? 0 : 1);
}
for (const [path, text] of stale) {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true });
  writeFileSync(join(ROOT, path), text);
  console.log(`written: ${path}`);
}

function before(path) {
  try {
    return readFileSync(join(ROOT, path), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
