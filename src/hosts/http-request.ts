import { setMaxListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Request, Response } from '../core/command.js';
import { Failure } from '../core/failure.js';

const MOST_BYTES = 4 * 1024 * 1024;

/**
 * One HTTP request over a unix socket or to a loopback port; no pool, no retry, no redirect followed.
 * @throws Failure NO_ANSWER (connection) when nothing answers in time
 */
export function sendRequest(request: Request, signal?: AbortSignal): Promise<Response> {
  signal?.throwIfAborted();
  // One signal ends many lanes of work at once.
  if (signal !== undefined) setMaxListeners(0, signal);
  const options: RequestOptions = {
    method: request.method ?? 'GET',
    path: request.path,
    headers: {
      connection: 'close',
      ...request.headers,
      ...(request.body === undefined ? {} : { 'content-length': Buffer.byteLength(request.body) }),
    },
    agent: false,
    timeout: (request.timeoutSeconds ?? 10) * 1000,
    ...(signal ? { signal } : {}),
  };
  return new Promise((resolve, reject) => {
    const refuse = (error: Error) => reject(signal?.aborted ? signal.reason : noAnswer(request, error));
    const outgoing = open(request, options, (incoming) => collect(incoming).then(resolve, refuse));
    outgoing.on('error', refuse);
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${request.timeoutSeconds ?? 10} s`)));
    outgoing.end(request.body);
  });
}

function open(request: Request, options: RequestOptions, onResponse: (incoming: IncomingMessage) => void) {
  const { to } = request;
  if ('socket' in to) return httpRequest({ ...options, socketPath: to.socket }, onResponse);
  if (to.tls === undefined) return httpRequest({ ...options, host: '127.0.0.1', port: to.port }, onResponse);
  return httpsRequest(
    { ...options, host: '127.0.0.1', port: to.port, servername: to.tls.name, ca: readFileSync(to.tls.ca) },
    onResponse,
  );
}

async function collect(incoming: IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    const buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    bytes += buffer.length;
    if (bytes <= MOST_BYTES) chunks.push(buffer);
  }
  const headers: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries(incoming.headersDistinct)) {
    if (value !== undefined) headers[name] = value.length === 1 ? (value[0] ?? '') : value;
  }
  return { status: incoming.statusCode ?? 0, headers, body: Buffer.concat(chunks).toString('utf8') };
}

function noAnswer(request: Request, cause: Error): Failure {
  const where = 'socket' in request.to ? request.to.socket : `127.0.0.1:${request.to.port}`;
  return new Failure('NO_ANSWER', 'connection', `Nothing answered at ${where}: ${cause.message}`, { cause });
}
