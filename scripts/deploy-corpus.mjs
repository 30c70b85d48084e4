// `node scripts/deploy-corpus.mjs [projects…]`: projects deployed to bare lab hosts, looked at and removed again. `--help` says more.
import { prepare } from './prepare.mjs';
import { runInGroup } from './run-in-group.mjs';

prepare();
runInGroup('dist/test/corpus/deploy/run.js', process.argv.slice(2));
