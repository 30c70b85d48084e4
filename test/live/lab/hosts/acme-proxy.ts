import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request as secureRequest } from 'node:https';

export interface AcmeProxyOptions {
  readonly address: string;
  /** Of the authority itself, on the same address. */
  readonly port: number;
  /** PEM, of both. */
  readonly certificate: Buffer;
  readonly key: Buffer;
}

/** What stands before an authority, as the load balancer of a real one does: it counts, and it sends clients away that ask too often. */
export interface AcmeProxy {
  readonly port: number;
  /** New orders that clients have asked for. */
  orders(): number;
  /** Answers that have refused a nonce. */
  refusedNonces(): number;
  /** For so many of the next new orders: a status of 429, and when to come again. @param retryAfter seconds, or a date */
  limit(times: number, retryAfter: string): void;
  close(): Promise<void>;
}

export async function openAcmeProxy({ address, port, certificate, key }: AcmeProxyOptions): Promise<AcmeProxy> {
  const count = { orders: 0, refusedNonces: 0, limited: 0 };
  let retryAfter = '';
  const pass = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const options = {
      host: address,
      port,
      ca: certificate,
      method: incoming.method,
      path: incoming.url,
      headers: incoming.headers,
    };
    const onward = secureRequest({ ...options, agent: false }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => {
        const body = Buffer.concat(parts);
        if (answer.statusCode === 400 && body.includes('acme:error:badNonce')) count.refusedNonces += 1;
        outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        outgoing.end(body);
      });
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  };
  const server = createServer({ cert: certificate, key }, (incoming, outgoing) => {
    if (incoming.method !== 'POST' || incoming.url !== NEW_ORDER) return pass(incoming, outgoing);
    count.orders += 1;
    if (count.limited === 0) return pass(incoming, outgoing);
    count.limited -= 1;
    incoming.resume();
    outgoing.writeHead(429, { 'Content-Type': 'application/problem+json', 'Retry-After': retryAfter });
    outgoing.end(JSON.stringify({ type: 'urn:ietf:params:acme:error:rateLimited', detail: 'too many new orders', status: 429 }));
  });
  await new Promise<void>((done) => server.listen(0, address, done));
  const at = server.address();
  return {
    port: typeof at === 'object' && at !== null ? at.port : 0,
    orders: () => count.orders,
    refusedNonces: () => count.refusedNonces,
    limit: (times, after) => {
      count.limited = times;
      retryAfter = after;
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** Pebble's path of it. */
const NEW_ORDER = '/order-plz';
