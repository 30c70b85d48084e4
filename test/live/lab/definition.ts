import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ProcessDefinition } from '../../../src/core/process-definition.js';

/** Starts what a definition says without the supervisor; as root, as its user. */
export async function startDefinition(
  { argv, cwd, env, user }: ProcessDefinition,
  stopSignal: string,
): Promise<{
  readonly pid: number;
  readonly stop: () => Promise<void>;
  readonly killAll: () => void;
  readonly log: () => Promise<string>;
}> {
  const group = user === 'nobody' ? 'nogroup' : user;
  const words = user === undefined ? argv : ['setpriv', `--reuid=${user}`, `--regid=${group}`, '--init-groups', '--', ...argv];
  const child = spawn(words[0] ?? '', words.slice(1), {
    cwd: user === undefined ? cwd : '/',
    env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)])),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const exit = once(child, 'exit');
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (text += String(part)));
  let ended = false;
  exit.then(
    () => (ended = true),
    () => (ended = true),
  );
  await once(child, 'spawn');
  return {
    pid: child.pid ?? 0,
    stop: async () => {
      if (!ended) child.kill(`SIG${stopSignal}` as NodeJS.Signals);
      await exit;
    },
    killAll: () => {
      try {
        process.kill(-(child.pid ?? 0), 'SIGKILL');
      } catch {
        // Nobody of its process group is left.
      }
    },
    log: async () => text,
  };
}
