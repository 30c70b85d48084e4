// `node scripts/deploy-corpus.mjs [projects…]`: projects deployed to bare lab hosts, looked at and removed again. `--help` says more.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { prepare, ROOT } from './prepare.mjs';

prepare();
const { status } = spawnSync(process.execPath, [join(ROOT, 'dist/test/corpus/deploy/run.js'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
