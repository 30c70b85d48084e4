import { spawn } from 'node:child_process';

/** Runs a program to its end. @throws Error with its last output when it fails */
export async function run(argv, { cwd, env } = {}) {
  const child = spawn(argv[0], argv.slice(1), { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said[0] += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said[1] += text;
  });
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error(`${argv.join(' ')} exited with ${code}\n${said.join('').slice(-3000)}`);
  return said[0];
}

/** How long it takes, in ms, and what it gives. */
export async function timed(work) {
  const began = performance.now();
  const value = await work();
  return { ms: performance.now() - began, value };
}

/** Until the work gives something, tried every 5 ms. @throws Error after the time */
export async function until(what, work, ms = 30_000) {
  for (const end = performance.now() + ms; performance.now() < end; ) {
    const value = await work().catch(() => undefined);
    if (value !== undefined) return value;
    await new Promise((wake) => setTimeout(wake, 5));
  }
  throw new Error(`${what}: not after ${ms / 1000} s`);
}
