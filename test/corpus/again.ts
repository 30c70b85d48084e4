import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Visitor } from '../support/browserless.js';
import { startLoad } from '../support/open-loop.js';
import { type Ran, slipway } from '../support/slipway.js';
import type { Rung } from './ladder.js';
import type { Again } from './row.js';
import { told } from './said.js';

/** Requests a second, while the second release comes up. */
const RATE = 5;

/** A file of the project changes, and `up` brings a new release while its page is asked for: what went wrong, or how long it took. */
export async function upAgain(
  rung: Rung,
  directory: string,
  { home, limitSeconds }: { readonly home: string; readonly limitSeconds: number },
  first: Ran,
): Promise<{ readonly problems: readonly string[]; readonly again?: Again }> {
  const ca = readFileSync(String(first.result['ca']));
  const url = new URL(rung.page, String(first.result['url'])).href;
  appendFileSync(changeable(directory), '\n# One line more.\n');
  const load = startLoad({ url, ca, rate: RATE });
  const second = await slipway(['up', directory, '--json'], { home, timeoutMs: limitSeconds * 1000 });
  const report = await load.stop();
  const failures = Object.entries(report.failures).map(([name, count]) => `${count} times ${name}`);
  const page = await new Visitor(String(first.result['ca'])).visit(url);
  const problems = [
    ...(second.code === 0 ? [] : [`second up: ${told(second, limitSeconds)}`]),
    ...(second.code !== 0 || second.result['release'] !== first.result['release'] ? [] : ['second up: no new release']),
    ...(failures.length === 0
      ? []
      : [`during the second up ${report.failed} of ${report.sent} requests failed: ${failures.join(', ')}`]),
    ...(page.status === 200 ? [] : [`after the second up ${url} answered ${page.status}`]),
  ];
  if (problems.length > 0) return { problems };
  return { problems, again: { seconds: Number(second.result['seconds']), requests: report.sent } };
}

/** A Python file of the project's: manage.py, else the first that is found. */
function changeable(directory: string): string {
  const own = join(directory, 'manage.py');
  if (existsSync(own)) return own;
  const found = readdirSync(directory, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith('urls.py'));
  if (found === undefined) throw new Error(`no urls.py in ${directory}`);
  return join(directory, found);
}
