import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { request } from 'node:http';
import { test } from 'node:test';
import { Edge, nginxPrograms } from '../support/edge.js';

const echo = (asked: IncomingMessage, response: ServerResponse): void => {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(asked.headers));
};

interface Told {
  readonly status: number;
  readonly location: string | undefined;
  readonly hsts: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** Over plain HTTP, from an address of this machine. */
const plain = (edge: Edge, from: string, headers: Record<string, string> = {}): Promise<Told> =>
  new Promise((resolve, reject) => {
    const port = edge.config.listen.http;
    const asked = {
      host: '127.0.0.1',
      port,
      localAddress: from,
      path: '/a?b=1',
      headers: { host: 'localhost', ...headers },
      agent: false,
    };
    request(asked, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      incoming.on('end', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          location: incoming.headers.location,
          hsts: incoming.headers['strict-transport-security']?.toString(),
          headers: text.startsWith('{') ? JSON.parse(text) : {},
        }),
      );
    })
      .on('error', reject)
      .end();
  });

const [nginx] = nginxPrograms();
const BALANCER = '127.0.0.2';
const STRANGER = '127.0.0.3';
const https = (client: string) => ({ 'x-forwarded-for': client, 'x-forwarded-proto': 'https' });

test('TLS ends before the edge: only the proxies are served, and only they are believed', { timeout: 60_000 }, async () => {
  const proxies = { trusted: [BALANCER, '10.0.0.0/8'], plain: true };
  const edge = await Edge.start(nginx?.program ?? assert.fail('no nginx'), echo, { proxies });
  try {
    const served = await plain(edge, BALANCER, https('203.0.113.9'));
    assert.equal(served.status, 200);
    assert.match(String(served.hsts), /max-age/);
    assert.deepEqual(
      ['x-real-ip', 'x-forwarded-for', 'x-forwarded-proto'].map((name) => served.headers[name]),
      ['203.0.113.9', '203.0.113.9', 'https'],
    );
    const forged = await plain(edge, BALANCER, https('6.6.6.6, 203.0.113.9, 10.1.2.3'));
    assert.equal(forged.headers['x-real-ip'], '203.0.113.9', 'what the client has written before the proxies is not believed');
    const http = await plain(edge, BALANCER, { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'http' });
    assert.deepEqual([http.status, http.location, http.hsts], [308, 'https://localhost/a?b=1', undefined]);
    assert.equal((await plain(edge, BALANCER)).status, 308);
    assert.equal((await plain(edge, STRANGER, https('203.0.113.9'))).status, 403);
  } finally {
    await edge.stop();
  }
});

test('proxies before an edge with TLS of its own tell of the client; a stranger does not', { timeout: 60_000 }, async () => {
  const proxies = { trusted: ['127.0.0.1'], plain: false };
  const edge = await Edge.start(nginx?.program ?? assert.fail('no nginx'), echo, { proxies });
  try {
    const told = async (): Promise<Record<string, string>> =>
      JSON.parse(
        (await edge.ask('/', { headers: { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'http' } })).body.toString(),
      );
    const { 'x-real-ip': client, 'x-forwarded-proto': scheme } = await told();
    assert.deepEqual([client, scheme], ['203.0.113.9', 'https']);
    assert.equal((await plain(edge, STRANGER, https('203.0.113.9'))).status, 308);
  } finally {
    await edge.stop();
  }
});
