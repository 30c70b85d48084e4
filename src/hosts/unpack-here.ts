import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Failure } from '../core/failure.js';

/**
 * Has what a stream of `SshConnection.pack` holds in a folder of this machine, by the system's tar.
 * @throws Failure UNPACK_FAILED (environment), and what the stream fails with
 */
export async function unpackHere(stream: AsyncIterable<Buffer>, folder: string, signal: AbortSignal): Promise<void> {
  const child = spawn('tar', ['-xzf', '-', '-C', folder], { stdio: ['pipe', 'ignore', 'pipe'], signal });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = once(child, 'close').catch((cause: unknown) => {
    throw new Failure('UNPACK_FAILED', 'environment', 'tar, which a release is fetched with, could not be started', {
      cause,
      hint: 'apt-get install -y tar gzip',
    });
  });
  ended.catch(() => {});
  // Where tar has ended before its input, what it said tells more than the broken pipe.
  const sent = await pipeline(Readable.from(stream), child.stdin).catch((error: unknown) => ({ error }));
  const [code] = await ended;
  if (code !== 0)
    throw new Failure('UNPACK_FAILED', 'environment', 'The release could not be put together here', { detail: said });
  if (sent !== undefined) throw sent.error;
}
