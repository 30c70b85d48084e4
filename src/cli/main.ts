#!/usr/bin/env node
import { Failure } from '../core/failure.js';
import { PACKAGE_ROOT } from '../hosts/package-root.js';
import { loadedFlows } from './loaded-flows.js';
import { refuse, run } from './run.js';
import { processSurroundings } from './surroundings.js';

const argv = process.argv.slice(2);
const surroundings = processSurroundings(PACKAGE_ROOT, loadedFlows);
// A rejection that nobody awaits is a bug of ours, and is told like one.
const stray = new Promise<never>((_, reject) => process.on('uncaughtException', reject));
const code = await Promise.race([run(argv, surroundings), stray]).catch((error: unknown) =>
  refuse(Failure.from(error), argv, surroundings),
);
// What was written must be out, and nothing that is still open may keep the command from ending.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))));
process.exit(code);
