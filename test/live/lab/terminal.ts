import { spawn } from 'node:child_process';
import { quote } from '../../../src/core/command.js';
import { MAIN } from '../../support/slipway.js';

export interface Typed {
  readonly code: number;
  /** All that the terminal showed. */
  readonly seen: string;
  /** How often the prompt came. */
  readonly asked: number;
}

// Where the cursor goes, and what is cleared: https://ecma-international.org/publications-and-standards/standards/ecma-48/
const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[A-Za-z]`, 'g');

/** `slipway` at a terminal of its own, where a person answers one prompt, each time it comes. */
export async function typedAt(
  words: readonly string[],
  { home, prompt, answer }: { readonly home: string; readonly prompt: RegExp; readonly answer: string },
): Promise<Typed> {
  const command = 'stty cols 200; ' + [process.execPath, MAIN, ...words].map(quote).join(' ');
  const env = { ...process.env, SLIPWAY_HOME: home, NO_COLOR: '1', TERM: 'xterm', CI: '' };
  const child = spawn('script', ['-qefc', command, '/dev/null'], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const prompted = new RegExp(`${prompt.source}[^\n]*: $`, 'i');
  let seen = '';
  let answered = 0;
  let asked = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    seen += text.replace(ESCAPES, '');
    // A prompt may come in several parts, of which the last shows nothing: what was answered is not looked at again.
    if (!prompted.test(seen.slice(answered))) return;
    answered = seen.length;
    asked += 1;
    child.stdin.write(`${answer}\n`);
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), 60_000);
  const code = await new Promise<number>((resolve) => child.on('close', (status) => resolve(status ?? 1)));
  clearTimeout(timer);
  return { code, seen, asked };
}
