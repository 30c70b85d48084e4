import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { request } from 'node:http';
import { test } from 'node:test';
import { Edge, edgePrograms } from '../support/edge.js';

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
const plain = (
  edge: Edge,
  from: string,
  headers: Record<string, string> = {},
  asks: { method?: string; path?: string } = {},
): Promise<Told> =>
  new Promise((resolve, reject) => {
    const port = edge.config.listen.http;
    const asked = {
      host: '127.0.0.1',
      port,
      localAddress: from,
      path: '/a?b=1',
      ...asks,
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

const BALANCER = '127.0.0.2';
const STRANGER = '127.0.0.3';
const https = (client: string) => ({ 'x-forwarded-for': client, 'x-forwarded-proto': 'https' });

const LOGIN = '/admin/login/';
/** At once. */
const ALLOWED = 11;

/** How many of many attempts to log in are let through, one after another. @param ask number of the attempt to status */
async function attempts(ask: (time: number) => Promise<{ readonly status: number }>): Promise<number> {
  let passed = 0;
  for (let time = 0; time < 20; time++) if ((await ask(time)).status !== 429) passed += 1;
  return passed;
}

for (const { name, program } of edgePrograms()) {
  test(`${name}: TLS ends before the edge: only the proxies are served, and only they are believed`, {
    timeout: 60_000,
  }, async () => {
    const proxies = { trusted: [BALANCER, '10.0.0.0/8'], plain: true };
    const edge = await Edge.start(program, echo, { proxies, loginPaths: [LOGIN] });
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
      const from = (clients: (time: number) => string) =>
        attempts((time) => plain(edge, BALANCER, https(clients(time)), { method: 'POST', path: LOGIN }));
      assert.equal(await from((time) => `6.6.6.${time}, 203.0.113.9`), ALLOWED, 'a forged beginning is no new client');
      assert.equal(await from(() => '203.0.113.10'), ALLOWED, 'of each client by itself');
    } finally {
      await edge.stop();
    }
  });

  test(`${name}: proxies before an edge with TLS of its own tell of the client; a stranger does not`, {
    timeout: 60_000,
  }, async () => {
    const proxies = { trusted: ['127.0.0.1'], plain: false };
    const edge = await Edge.start(program, echo, { proxies, loginPaths: [LOGIN] });
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

  test(`${name}: who is no proxy has the attempts of its own address, whatever it says`, { timeout: 60_000 }, async () => {
    const proxies = { trusted: ['10.0.0.0/8'], plain: false };
    const edge = await Edge.start(program, echo, { proxies, loginPaths: [LOGIN] });
    try {
      const ask = (time: number) => edge.ask(LOGIN, { method: 'POST', headers: { 'x-forwarded-for': `6.6.6.${time}` } });
      assert.equal(await attempts(ask), ALLOWED);
    } finally {
      await edge.stop();
    }
  });
}
