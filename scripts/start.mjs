// `npm start`: everything set up, then a real Django project live over HTTPS. `npm start -- DIR` takes any project.
import { join, resolve } from 'node:path';
import { must, prepare, ROOT } from './prepare.mjs';

prepare();
const [directory, ...rest] = process.argv.slice(2);
// npm runs this in the repository; the user's own folder is what a relative path means.
const from = process.env.INIT_CWD ?? process.cwd();
const named = directory !== undefined && !directory.startsWith('-');
const project = named ? resolve(from, directory) : join(ROOT, 'examples/allotment');
const options = named || directory === undefined ? rest : [directory, ...rest];
must([process.execPath, join(ROOT, 'dist/bin/slipway.js'), 'up', project, ...options]);
