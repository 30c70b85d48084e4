// `dist/bin/slipway.js`, the command, from `dist/src`: all of it and its libraries in a few files, each loaded at its first use.
// To find, read and link 800 modules one by one takes Node three times as long as to run what is in them (docs/decisions/0015-one-bundle.md).
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const OUT = join(ROOT, 'dist/bin');

rmSync(OUT, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: ROOT,
  entryPoints: { slipway: 'dist/src/cli/main.js' },
  outdir: OUT,
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // A library that is not an ES module asks for Node's own parts in the old way.
  banner: { js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);" },
  metafile: true,
  logLevel: 'warning',
});

/** Folders of the libraries that are in it. */
const libraries = new Set(
  Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.keys(inputs))
    .flatMap((path) => path.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? []),
);
writeFileSync(join(OUT, 'LICENSES'), [...libraries].sort().map(licence).join('\n'));

/** What its licence wants to go with it. */
function licence(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
  const file = readdirSync(join(ROOT, folder)).find((one) => /^licen[cs]e/i.test(one));
  const text = file === undefined ? `${license}\n` : readFileSync(join(ROOT, folder, file), 'utf8');
  return `${name} ${version}\n\n${text}`;
}
