// `npm run corpus -- [names…]`: real projects, brought up, looked at and taken down. See docs/corpus.md.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { prepare, ROOT } from './prepare.mjs';

prepare();
const { status } = spawnSync(process.execPath, [join(ROOT, 'dist/test/corpus/run.js'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
