import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { type Json, readAnswer } from './answer.js';
import { lost } from './failures.js';
import { encodeFrame, type Frame, FrameReader, KIND } from './frame.js';

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onOut?: (bytes: Buffer) => void;
  readonly onErr?: (bytes: Buffer) => void;
  /** Sent after the request, as fast as the connection takes it. */
  readonly body?: AsyncIterable<Buffer>;
}

interface Pending extends CallOptions {
  resolve(answer: Json): void;
  reject(error: unknown): void;
}

const PING_MS = 5000;
const CLOSE_MS = 8000;

/** Many calls at once over one process whose streams reach the program on the host. */
export class Channel {
  readonly #reader = new FrameReader();
  readonly #pending = new Map<number, Pending>();
  readonly #timer: NodeJS.Timeout;
  #last = 0;
  #failure: Error | undefined;
  #closing = false;

  /** @param stderr what ssh has said until now */
  constructor(
    readonly name: string,
    readonly child: ChildProcessWithoutNullStreams,
    stderr: () => string,
  ) {
    // A host that hears nothing for long ends what it runs.
    this.#timer = setInterval(() => this.#write(encodeFrame(0, KIND.ping)), PING_MS);
    this.#timer.unref();
    child.stdin.on('error', () => {});
    child.once('close', () => this.#fail(lost(name, stderr())));
  }

  /** Bytes that came from the host. */
  take(chunk: Buffer): void {
    try {
      for (const frame of this.#reader.push(chunk)) this.#dispatch(frame);
    } catch (error) {
      this.#fail(lost(this.name, error instanceof Error ? error.message : ''));
      this.child.kill('SIGKILL');
    }
  }

  /**
   * Asks the host for one thing. An abort is told to the host, and the answer is awaited: what ran has ended then.
   * @throws Failure SSH_LOST, or what the host refuses with; the signal's reason
   */
  async call(args: Readonly<Record<string, unknown>>, options: CallOptions = {}): Promise<Json> {
    const { signal, body } = options;
    signal?.throwIfAborted();
    // One signal ends many lanes of work at once.
    if (signal !== undefined) setMaxListeners(0, signal);
    if (this.#failure !== undefined) throw this.#failure;
    const number = ++this.#last;
    const answer = new Promise<Json>((resolve, reject) => this.#pending.set(number, { ...options, resolve, reject }));
    const cancel = () => this.#write(encodeFrame(number, KIND.cancel));
    signal?.addEventListener('abort', cancel, { once: true });
    this.#write(encodeFrame(number, KIND.request, JSON.stringify(args)));
    try {
      // The host may answer before it has all of it; a body that fails is told to the host, which then fails the call.
      const sent = body === undefined ? undefined : this.#send(number, body).catch((error: unknown) => this.#give(number, error));
      const result = await answer;
      await sent;
      signal?.throwIfAborted();
      return result;
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      this.#pending.delete(number);
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** Ends the program on the host, which ends what it runs, and the connection. */
  async close(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#timer);
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('close', resolve));
    this.child.stdin.end();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), CLOSE_MS);
    await ended;
    clearTimeout(timer);
  }

  async #send(number: number, body: AsyncIterable<Buffer>): Promise<void> {
    for await (const chunk of body) {
      if (!this.#pending.has(number)) return;
      if (!this.#write(encodeFrame(number, KIND.data, chunk))) await this.#drained();
    }
    this.#write(encodeFrame(number, KIND.end));
  }

  #give(number: number, error: unknown): void {
    this.#write(encodeFrame(number, KIND.cancel));
    this.#pending.get(number)?.reject(error);
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.child.stdin.off('drain', done).off('close', done);
        resolve();
      };
      this.child.stdin.on('drain', done).on('close', done);
    });
  }

  #write(frame: Buffer): boolean {
    return this.child.stdin.destroyed || this.#closing ? true : this.child.stdin.write(frame);
  }

  #dispatch({ call, kind, payload }: Frame): void {
    const pending = this.#pending.get(call);
    if (pending === undefined) return;
    if (kind === KIND.out) pending.onOut?.(payload);
    else if (kind === KIND.err) pending.onErr?.(payload);
    else if (kind === KIND.result) this.#answer(pending, payload);
  }

  #answer(pending: Pending, payload: Buffer): void {
    try {
      pending.resolve(readAnswer(payload.toString('utf8'), this.name));
    } catch (error) {
      pending.reject(error);
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    clearInterval(this.#timer);
    for (const pending of this.#pending.values()) pending.reject(this.#failure);
    this.#pending.clear();
  }
}
