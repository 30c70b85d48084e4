// `npm run corpus -- [names…]`: real projects, brought up, looked at and taken down. See docs/corpus.md.
import { prepare } from './prepare.mjs';
import { runInGroup } from './run-in-group.mjs';

prepare();
runInGroup('dist/test/corpus/run.js', process.argv.slice(2));
