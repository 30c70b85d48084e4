import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { after, before, beforeEach, describe, test } from 'node:test';
import { APACHE } from '../support/apache.js';
import { type Ask, Edge, edgePrograms } from '../support/edge.js';

for (const { name, program } of edgePrograms()) {
  describe(`edge cache: ${name}`, () => {
    let edge: Edge;
    let asked = 0;
    let page = 0;

    /** Every answer is numbered; the path says which headers it has. */
    const app = (request: IncomingMessage, response: ServerResponse): void => {
      asked += 1;
      const headers: Record<string, Record<string, string | string[]>> = {
        cookie: { 'Set-Cookie': ['a=1', 'b=2'] },
        vary: { Vary: 'Accept-Language, Cookie' },
        'vary-only': { Vary: 'Cookie' },
        'vary-all': { Vary: '*' },
        language: { Vary: 'Accept-Language' },
        private: { 'Cache-Control': 'private' },
        'no-store': { 'Cache-Control': 'max-age=60, no-store' },
        'no-cache': { 'Cache-Control': 'no-cache' },
        expired: { Expires: 'Thu, 01 Jan 1970 00:00:01 GMT' },
        long: { 'Content-Type': 'text/html' },
        named: { 'X-Frame-Options': 'DENY', 'X-Content-Type-Options': 'nosniff' },
      };
      const kind = (request.url ?? '').split('/')[2]?.split('?')[0] ?? '';
      const slow = kind === 'slow' ? 200 : 0;
      const number = asked;
      setTimeout(
        () =>
          response
            .writeHead(kind === 'missing' ? 404 : 200, headers[kind] ?? {})
            .end(kind === 'long' ? 'long '.repeat(999) : String(number)),
        slow,
      );
    };

    before(async () => {
      edge = await Edge.start(program, app, { cache: { seconds: 1, paths: ['/p.q/'] } });
    });
    after(() => edge?.stop());
    beforeEach(() => {
      page += 1;
    });

    /** How many of two requests for the same page reached the app. */
    async function reached(kind: string, first: Ask = {}, second: Ask = first): Promise<number> {
      const path = `/p.q/${kind}?page=${page}`;
      const start = asked;
      await edge.ask(path, first);
      await edge.ask(path, second);
      return asked - start;
    }

    test('an anonymous page is cached, for the second asked for and the rest of one more (nginx counts whole ones)', async () => {
      assert.equal(await reached('page'), 1);
      await new Promise((next) => setTimeout(next, 2100));
      const start = asked;
      const { body } = await edge.ask(`/p.q/page?page=${page}`);
      assert.deepEqual([asked - start, body.toString()], [1, String(asked)], 'the first visitor after that gets a new one');
    });

    test('HEAD is answered from the same page; another query is another page', async () => {
      assert.equal(await reached('page', {}, { method: 'HEAD' }), 1);
      const start = asked;
      await edge.ask(`/p.q/page?page=${page}&x`);
      assert.equal(asked - start, 1);
    });

    for (const kind of ['cookie', 'vary', 'vary-only', 'vary-all', 'private', 'no-store', 'no-cache', 'expired', 'missing']) {
      test(`never: an answer with ${kind}`, async () => {
        assert.equal(await reached(kind), 2);
      });
    }

    for (const [title, ask] of Object.entries<Ask>({
      'a session': { headers: { cookie: 'sessionid=1' } },
      'any cookie that may change the page': { headers: { cookie: '_ga=1; django_language=de' } },
      credentials: { headers: { authorization: 'Basic x' } },
      'a body': { method: 'POST', body: 'x' },
    })) {
      test(`never: a request with ${title}, neither stored nor answered from the cache`, async () => {
        assert.equal(await reached('page', ask), 2);
        page += 1;
        assert.equal(await reached('page', {}, ask), 2);
        page += 1;
        assert.equal(await reached('page', ask, {}), 2);
      });
    }

    test('cookies of analytics change nothing', async () => {
      assert.equal(await reached('page', {}, { headers: { cookie: '_ga=GA1.2.3; _ga_X1=2; _pk_id.1.abc=4' } }), 1);
    });

    test('other paths are not cached, nor is another path that the pattern could match', async () => {
      const start = asked;
      for (const path of ['/other', '/other', '/pxq/page', '/pxq/page']) await edge.ask(path);
      assert.equal(asked - start, 4);
    });

    test('another language or another port is another page', async () => {
      assert.equal(
        await reached('language', { headers: { 'accept-language': 'de' } }, { headers: { 'accept-language': 'en' } }),
        2,
      );
      page += 1;
      assert.equal(await reached('page', { headers: { host: 'localhost:1' } }, { headers: { host: 'localhost:2' } }), 2);
    });

    // mod_cache makes others wait for nobody: it has them see the page before for as long.
    const isApache = program === APACHE;
    test(`many at once ask the app once${isApache ? ', where there was a page before' : ''}`, async () => {
      if (isApache) {
        await edge.ask(`/p.q/slow?page=${page}`);
        await new Promise((next) => setTimeout(next, 2100));
      }
      const start = asked;
      const bodies = await Promise.all(Array.from({ length: 20 }, () => edge.ask(`/p.q/slow?page=${page}`)));
      assert.equal(asked - start, 1);
      assert.equal(new Set(bodies.map(({ body }) => body.toString())).size, isApache ? 2 : 1);
    });

    test('an address that is read alike is another page', async () => {
      for (const [one, other] of [
        ['x%2Fy', 'x/y'],
        ['x%3Fy', 'x?y'],
        ['x/', '/x/'],
        ['x%20y', 'x?y=1'],
        ['x?%20', 'x%20?'],
      ]) {
        page += 1;
        const start = asked;
        await edge.ask(`/p.q/${page}/${one}`);
        await edge.ask(`/p.q/${page}/${other}`);
        assert.equal(asked - start, 2, one);
      }
      assert.equal((await edge.ask('/-/cached/p.q/page')).status, isApache ? 404 : 200);
    });

    test('a compressed page is kept, and nobody gets it who cannot read it', async () => {
      const path = `/p.q/long?page=${page}`;
      const start = asked;
      const answers = [];
      for (const coding of ['gzip', 'gzip', 'identity'])
        answers.push(await edge.ask(path, { headers: { 'accept-encoding': coding } }));
      assert.ok(asked - start <= 2);
      assert.deepEqual(
        answers.map(({ headers }) => headers['content-encoding']),
        ['gzip', 'gzip', undefined],
      );
    });

    test('a cached answer has each security header once too', async () => {
      await edge.ask(`/p.q/named?page=${page}`);
      const cached = await edge.ask(`/p.q/named?page=${page}`);
      for (const header of ['X-Frame-Options', 'X-Content-Type-Options', 'Strict-Transport-Security', 'X-Request-ID'])
        assert.equal(cached.count(header), 1, header);
    });
  });
}
