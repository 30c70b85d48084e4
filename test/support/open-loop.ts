import { Agent, request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest, Agent as SecureAgent } from 'node:https';
import { leadingTo } from './leading-to.js';

export interface LoadOptions {
  readonly url: string;
  readonly ca?: Buffer;
  /** Requests a second, due whatever the server does. */
  readonly rate: number;
  /** Every n-th request is a POST of a small form; 0 for none. */
  readonly postEvery?: number;
  /** Path of the POSTs. */
  readonly postPath?: string;
  /** What counts as an answer to a POST; the default is anything below 400. */
  readonly postStatus?: number;
  readonly headers?: Record<string, string>;
  /** Every n-th request has a connection of its own; default 2. */
  readonly freshEvery?: number;
  /** What a whole answer must contain. */
  readonly contains?: string;
  readonly timeoutMs?: number;
  /** Where its name leads, whatever a resolver says. */
  readonly address?: string;
}

export interface LoadReport {
  readonly sent: number;
  readonly failed: number;
  /** Failures by name: `502`, `ECONNRESET (reused)`, `timeout`, `short`. */
  readonly failures: Readonly<Record<string, number>>;
  /** Latency from the moment a request was due, in ms. */
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
  /** Answers by the release that gave them, where a header says so. */
  readonly releases: readonly string[];
}

/**
 * An open-loop client without retries: request i is due at start + i / rate, and its latency counts from there, so that a stall is seen by
 * every request it delays. Half the requests (or as said) use a keep-alive pool, the others a connection of their own: the first are those that a careless
 * switch loses.
 */
export function startLoad(options: LoadOptions): { stop(): Promise<LoadReport> } {
  const target = new URL(options.url);
  const secure = target.protocol === 'https:';
  const pool = secure ? new SecureAgent({ keepAlive: true, maxSockets: 256 }) : new Agent({ keepAlive: true, maxSockets: 256 });
  const latencies: number[] = [];
  const failures: Record<string, number> = {};
  const releases = new Set<string>();
  const pending = new Set<Promise<void>>();
  const began = performance.now();
  let sent = 0;
  const count = (name: string) => {
    failures[name] = (failures[name] ?? 0) + 1;
  };

  const send = (index: number, due: number): Promise<void> =>
    new Promise((done) => {
      const post = options.postEvery !== undefined && options.postEvery > 0 && index % options.postEvery === 0;
      const body = post ? 'a=1&b=2' : undefined;
      const pooled = (index + 1) % (options.freshEvery ?? 2) !== 0;
      const request: RequestOptions = {
        method: post ? 'POST' : 'GET',
        headers: {
          ...options.headers,
          ...(body ? { 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length } : {}),
        },
        agent: pooled ? pool : false,
        timeout: options.timeoutMs ?? 15_000,
      };
      const url = post ? new URL(options.postPath ?? '/', target) : target;
      let over = false;
      const finish = (problem?: string) => {
        if (over) return;
        over = true;
        if (problem !== undefined) count(problem);
        latencies.push(performance.now() - due);
        done();
      };
      const outgoing = (secure ? httpsRequest : httpRequest)(
        url,
        { ...request, ...(options.ca ? { ca: options.ca } : {}), ...leadingTo(options.address) },
        (incoming) => {
          let text = '';
          incoming.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk;
          });
          incoming.on('error', (error: NodeJS.ErrnoException) => finish(error.code ?? error.message));
          incoming.on('end', () => {
            const release = incoming.headers['x-release'];
            if (typeof release === 'string') releases.add(release);
            const status = incoming.statusCode ?? 0;
            if (post && status === options.postStatus) finish();
            else if (status >= 400) finish(String(status));
            else if (options.contains !== undefined && !text.includes(options.contains)) finish('short');
            else finish();
          });
        },
      );
      outgoing.on('timeout', () => {
        finish('timeout');
        outgoing.destroy();
      });
      outgoing.on('error', (error: NodeJS.ErrnoException) =>
        finish(`${error.code ?? error.message}${outgoing.reusedSocket ? ' (reused)' : ''}`),
      );
      outgoing.on('close', () => finish('cut'));
      outgoing.end(body);
    });

  const timer = setInterval(() => {
    const dueCount = Math.floor(((performance.now() - began) / 1000) * options.rate);
    for (; sent < dueCount; sent++) {
      const work = send(sent, began + (sent / options.rate) * 1000).finally(() => pending.delete(work));
      pending.add(work);
    }
  }, 4);

  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(pending);
      pool.destroy();
      latencies.sort((a, b) => a - b);
      const at = (share: number) =>
        Math.round(latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0);
      const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
      return { sent, failed, failures, p50: at(0.5), p99: at(0.99), most: at(1), releases: [...releases] };
    },
  };
}
