// `node scripts/escapers.mjs [--count 1000000] [--seed N] [NAME…]`: random texts through each escaper, read back by the real program.
// NAME is a part of an escaper's name; without one, all. Needs nginx, Apache, bash, PostgreSQL, MariaDB, Redis, and root for systemd's lab host.
import { prepare } from './prepare.mjs';
import { runInGroup } from './run-in-group.mjs';

prepare();
runInGroup('dist/test/escapers/run.js', process.argv.slice(2));
