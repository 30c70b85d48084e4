#!/usr/bin/env node
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

// dist/src/cli/main.js
const packageRoot = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const [{ run }, { processSurroundings }, { loadedFlows }] = await Promise.all([
  import('./run.js'),
  import('./surroundings.js'),
  import('./loaded-flows.js'),
]);
const code = await run(process.argv.slice(2), processSurroundings(packageRoot, loadedFlows));
// What was written must be out, and nothing that is still open may keep the command from ending.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))));
process.exit(code);
