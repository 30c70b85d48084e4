import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Does the work for each, so many at a time, until all is done or the signal comes. @param work gets the number of its lane, from 1 */
export async function inLanes<T>(
  all: readonly T[],
  lanes: number,
  signal: AbortSignal,
  work: (one: T, lane: number) => Promise<void>,
): Promise<void> {
  const rest = [...all];
  const lane = async (number: number): Promise<void> => {
    for (let next = rest.shift(); next !== undefined && !signal.aborted; next = rest.shift()) await work(next, number);
  };
  await Promise.all(Array.from({ length: lanes }, (_, index) => lane(index + 1)));
}

/** One row in a process of its own: so it has a folder for temporary files of its own. It takes its project down where the signal comes. */
export async function startRow(args: readonly string[], temp: string, signal: AbortSignal): Promise<void> {
  const runner = fileURLToPath(new URL('./run.js', import.meta.url));
  const child = spawn(process.execPath, [runner, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, TMPDIR: temp },
    detached: true,
  });
  const end = () => child.connected && child.disconnect();
  signal.addEventListener('abort', end);
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('exit', resolve));
  signal.removeEventListener('abort', end);
  if (code !== 0) throw new Error(`${args.at(-1)}: its runner ended with ${code}`);
}
