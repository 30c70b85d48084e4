// `npm test`: everything set up, then every test. `--unit`: only those that need no server and no network.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { prepare, ROOT } from './prepare.mjs';
import { installTools } from './test-tools.mjs';

const options = process.argv.slice(2).filter((word) => word.startsWith('-'));
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const unit = options.includes('--unit');
prepare();
if (!unit) installTools();

const tests = join(ROOT, 'dist/test');
const isLive = (file) => relative(tests, file).startsWith('live');
const files = readdirSync(tests, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.test.js'))
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
  .filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)))
  .sort();

const total = { pass: 0, fail: 0, skipped: 0 };
// Live tests start whole servers: on a small machine, one or two files at a time keep their timing honest.
await run(
  files.filter((file) => !isLive(file)),
  { concurrency: 4, timeoutMs: 300_000 },
);
if (!unit) await run(files.filter(isLive), { concurrency: 2, timeoutMs: 1_500_000 });
console.log(`${total.pass} passed, ${total.fail} failed, ${total.skipped} skipped`);
process.exit(total.fail > 0 || total.pass === 0 ? 1 : 0);

async function run(batch, { concurrency, timeoutMs }) {
  if (batch.length === 0) return;
  const child = spawn(
    process.execPath,
    ['--test', `--test-concurrency=${concurrency}`, `--test-timeout=${timeoutMs}`, '--test-reporter=spec', ...batch],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, FORCE_COLOR: '0' } },
  );
  let text = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (chunk) => {
    text += chunk;
    process.stdout.write(chunk);
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  for (const name of Object.keys(total)) {
    const counts = [...text.matchAll(new RegExp(`^\\S+ ${name} (\\d+)$`, 'gm'))];
    total[name] += Number(counts.at(-1)?.[1] ?? 0);
  }
  for (const name of ['cancelled'])
    total.fail += Number([...text.matchAll(new RegExp(`^\\S+ ${name} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);
  if (code !== 0 && total.fail === 0) total.fail += 1;
}
