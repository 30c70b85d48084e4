// `npm run bench`: how fast, as ratios to a floor measured in the same run. `npm run bench -- again rps` runs only those parts; see bench/parts.mjs.
import { prepare } from './prepare.mjs';

prepare();
const { bench } = await import('../bench/run.mjs');
process.exit(await bench(process.argv.slice(2)));
