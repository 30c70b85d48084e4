import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Input, Output } from './surroundings.js';

/**
 * Asks on the terminal; Enter alone is no.
 * @throws AbortError on Ctrl-C
 */
export async function askYesNo(question: string, input: Input, output: Output, signal: AbortSignal): Promise<boolean> {
  const answer = await askLine(`${question} [y/N] `, input, output, signal, false);
  return /^y(es)?$/i.test(answer.trim());
}

/**
 * Asks for a line that is not shown while it is typed.
 * @throws AbortError on Ctrl-C
 */
export const askHidden = (question: string, input: Input, output: Output, signal: AbortSignal): Promise<string> =>
  askLine(`${question}: `, input, output, signal, true);

async function askLine(question: string, input: Input, output: Output, signal: AbortSignal, hidden: boolean): Promise<string> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  let silent = false;
  const echo = new Writable({
    write: (chunk, _encoding, done) => {
      if (!silent) output.write(String(chunk));
      done();
    },
  });
  const lines = createInterface({ input: input.stream, output: echo, terminal: input.isTTY });
  // On a terminal readline reads Ctrl-C itself, and Ctrl-D closes it without an answer.
  lines.on('SIGINT', () => stop.abort());
  lines.on('close', () => stop.abort());
  try {
    const answer = lines.question(question, { signal: either });
    silent = hidden;
    return await answer;
  } finally {
    lines.close();
    if (hidden) output.write('\n');
  }
}

/** Everything on standard input, less the newline at its end. */
export async function readAll(input: Input): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of input.stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}
