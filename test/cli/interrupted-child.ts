// A real process with real signals and real streams around one flow of the test's own.
import { setTimeout as sleep } from 'node:timers/promises';
import { loadedFlows } from '../../src/cli/loaded-flows.js';
import { run } from '../../src/cli/run.js';
import { processSurroundings } from '../../src/cli/surroundings.js';
import type { Context } from '../../src/flows/context.js';
import { ROOT } from './outside.js';

const [manner = '', ...argv] = process.argv.slice(2);

async function work(context: Context): Promise<never> {
  context.report({ type: 'stage', stage: 'build' });
  context.report({ type: 'note', message: 'at work' });
  await sleep(60_000, undefined, { signal: context.signal }).catch(() => undefined);
  // Cleaning up takes its time.
  if (manner === 'slow') await sleep(60_000);
  await sleep(20);
  context.report({ type: 'note', message: 'cleaned up' });
  throw context.signal.reason;
}

const flows = {
  ...loadedFlows,
  up: work,
  exec: async () => {
    process.stdout.write('at work\n');
    await sleep(manner === 'slow' ? 60_000 : 500);
    return 5;
  },
  logs: async (
    context: Context,
    _options: object,
    onLine: (line: { time: string; process: string; level: string; message: string }) => void,
  ) => {
    for (;;) {
      onLine({ time: new Date().toISOString(), process: 'web', level: 'info', message: 'at work' });
      await sleep(5, undefined, { signal: context.signal });
    }
  },
};
process.exit(await run(argv, processSurroundings(ROOT, flows)));
