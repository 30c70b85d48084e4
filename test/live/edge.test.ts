import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect as http2Connect } from 'node:http2';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { connect as tlsConnect } from 'node:tls';
import { WebSocket, WebSocketServer } from 'ws';
import { APACHE } from '../support/apache.js';
import { Edge, edgePrograms } from '../support/edge.js';
import { startLoad } from '../support/open-loop.js';

const DJANGO = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
  'Strict-Transport-Security': 'max-age=60',
};
const SECURITY = [...Object.keys(DJANGO), 'X-Request-ID'];

/** Tells what reached it. */
function echo(request: IncomingMessage, response: ServerResponse): void {
  let size = 0;
  request.on('data', (part: Buffer) => {
    size += part.length;
  });
  request.on('end', () => {
    if (request.url === '/stream') {
      response.writeHead(200, { 'X-Accel-Buffering': 'no', 'Content-Type': 'text/plain' });
      response.write('first');
      setTimeout(() => response.end('second'), 600);
      return;
    }
    if (request.url === '/fails') {
      response.writeHead(503, DJANGO).end('the app’s own page');
      return;
    }
    const said = JSON.stringify({
      url: request.url,
      method: request.method,
      headers: request.headers,
      raw: request.rawHeaders,
      size,
    });
    response.writeHead(200, {
      ...DJANGO,
      Server: 'app/1.0',
      'X-Slipway-Release': 'r1',
      'X-Request-ID': 'app',
      'Content-Type': 'application/json',
    });
    response.end(said);
  });
}

const put = (path: string, content: string | Buffer): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
};

for (const { name, program } of edgePrograms()) {
  const isApache = program === APACHE;
  /** What is not the same: docs/servers.md. */
  const kind = isApache
    ? { server: 'Apache', id: /^[\w@-]{24,}$/, away: 503, symlink: 403, posted: 200, withoutLength: 411 }
    : { server: 'nginx', id: /^[0-9a-f]{32}$/, away: 502, symlink: 404, posted: 405, withoutLength: 413 };

  describe(`edge: ${name}`, () => {
    let edge: Edge;
    let sockets: WebSocketServer;

    before(async () => {
      edge = await Edge.start(program, echo, { loginPaths: ['/admin/login/'] });
      const app = await edge.app('two', echo);
      sockets = new WebSocketServer({ server: app });
      sockets.on('connection', (socket) => socket.on('message', (text) => socket.send(`got ${text}`)));
      const at = (path: string) => join(edge.folder, path);
      put(at('one/static/plain/static/a.css'), 'plain css');
      put(at('one/static/br/static/a.css'), 'br css');
      put(at('one/static/gz/static/a.css'), 'gzip css');
      put(at('one/static/plain/static/only.0123456789ab.js'), 'js');
      put(at('one/static/plain/static/.env'), 'secret');
      put(at('one/static/plain/static/.well-known/x.txt'), 'open');
      put(at('one/secret.txt'), 'secret');
      put(at('kept/plain/static/old.ba9876543210.css'), 'old css');
      put(at('kept/br/static/old.ba9876543210.css'), 'old br');
      put(at('kept/plain/static/a.css'), 'kept must not win');
      put(at('two/static/plain/static/two.css'), 'two');
      for (const file of ['x.html', 'x.svg', 'x.js', 'x.xml', 'x.png', 'x.pdf', 'x.txt', 'x.bin', '.hidden', 'sub/y.jpg'])
        put(at(`media/${file}`), '0123456789');
      symlinkSync('/etc/hostname', at('media/link.txt'));
    });
    after(async () => {
      sockets?.close();
      await edge?.stop();
    });

    const received = async (path: string, headers: Record<string, string | string[]> = {}) =>
      JSON.parse((await edge.ask(path, { headers })).body.toString()) as {
        url: string;
        headers: Record<string, string>;
        raw: string[];
      };

    test('HTTP/2 and TLS 1.3 and 1.2; older is refused', async () => {
      const session = http2Connect(edge.url, { ca: edge.authority.certificate });
      const stream = session.request({ ':path': '/h2' });
      const body = await new Promise<string>((done, fail) => {
        let text = '';
        stream.on('data', (part) => {
          text += part;
        });
        stream.on('end', () => done(text)).on('error', fail);
      });
      session.close();
      assert.equal(JSON.parse(body).headers.host, `localhost:${edge.config.listen.https}`);
      const protocol = (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') =>
        new Promise<string | null>((done, fail) => {
          const socket = tlsConnect(
            {
              port: edge.config.listen.https,
              host: '127.0.0.1',
              servername: 'localhost',
              ca: edge.authority.certificate,
              minVersion: version,
              maxVersion: version,
              ciphers: 'DEFAULT@SECLEVEL=0',
            },
            () => {
              done(socket.getProtocol());
              socket.destroy();
            },
          ).on('error', fail);
        });
      assert.equal(await protocol('TLSv1.3'), 'TLSv1.3');
      assert.equal(await protocol('TLSv1.2'), 'TLSv1.2');
      await assert.rejects(protocol('TLSv1.1'));
    });

    test('plain HTTP leads to HTTPS with method and query kept', async () => {
      const answer = await edge.plain('/a%20b?x=1', { method: 'POST' });
      assert.equal(answer.status, 308);
      // As one site of the system's Apache it is on the port that has no name.
      const url = isApache ? 'https://localhost' : edge.url;
      assert.equal(answer.headers.location, `${url}/a%20b?x=1`);
      assert.equal(answer.headers['strict-transport-security'], undefined);
      if (isApache) return;
      const wrongPort = await edge.plain('/a?x=1', {}, edge.config.listen.https);
      assert.equal(wrongPort.status, 308);
      assert.equal(wrongPort.headers.location, `${edge.url}/a?x=1`);
    });

    test('a foreign host never reaches the app', async () => {
      assert.equal((await edge.plain('/', { headers: { host: 'evil.test' } })).status, 421);
      const foreign = await edge.ask('/', { headers: { host: 'evil.test' } });
      assert.equal(foreign.status, 421);
      const stranger = edge.ask('/', { servername: 'evil.test', headers: { host: 'evil.test' } });
      if (isApache) assert.equal((await stranger).status, 421);
      else await assert.rejects(stranger, /alert|unrecognized|SSL/i);
      const absolute = await edge.ask('/', { target: 'https://evil.test/', headers: { host: 'localhost' } });
      assert.equal(absolute.status, 421);
      const mixed = await edge.ask('/', { target: 'https://localhost/x', headers: { host: 'evil.test' } });
      assert.equal(JSON.parse(mixed.body.toString()).headers.host.split(':')[0], 'localhost');
    });

    test('what the app believes is overwritten, whatever the client sent', async () => {
      const { headers, raw, url } = await received('/a%2Fb//c?d=1', {
        'X-Forwarded-For': '6.6.6.6',
        'X-Forwarded-Proto': 'http',
        'X-Forwarded-Host': 'evil.test',
        'X-Forwarded-Port': '1',
        'X-Real-IP': '6.6.6.6',
        X_Forwarded_For: '6.6.6.6',
        Forwarded: 'for=6.6.6.6',
        Proxy: 'http://evil.test',
        'Remote-User': 'admin',
        'X-Request-ID': 'forged',
      });
      assert.equal(url, '/a%2Fb//c?d=1');
      assert.equal(headers['host'], `localhost:${edge.config.listen.https}`);
      assert.equal(headers['x-forwarded-for'], '127.0.0.1');
      assert.equal(headers['x-real-ip'], '127.0.0.1');
      assert.equal(headers['x-forwarded-proto'], 'https');
      assert.match(headers['x-request-id'] ?? '', kind.id);
      assert.equal(headers['connection'], 'close');
      for (const gone of ['x-forwarded-host', 'x-forwarded-port', 'forwarded', 'proxy', 'remote-user', 'x_forwarded_for']) {
        assert.equal(headers[gone], undefined, gone);
      }
      assert.doesNotMatch(raw.join('\n'), /6\.6\.6\.6|evil|forged/);
    });

    test('each security header once, whoever answers', async () => {
      for (const path of ['/', '/static/a.css', '/media/x.png', '/-/health/', '/static/none', '/media/none', '/.env', '/fails']) {
        const answer = await edge.ask(path);
        // A static file that is found is not logged, so that an id would lead nowhere.
        const without = path === '/static/a.css' && !isApache ? 'X-Request-ID' : undefined;
        for (const header of SECURITY) assert.equal(answer.count(header), header === without ? 0 : 1, `${header} on ${path}`);
        assert.equal(answer.headers['strict-transport-security'], 'max-age=31536000', path);
        assert.equal(answer.headers['server'], kind.server, path);
        assert.equal(answer.headers['x-slipway-release'], undefined);
      }
      const own = await edge.ask('/');
      assert.equal(own.headers['x-request-id'], JSON.parse(own.body.toString()).headers['x-request-id']);
      const huge = await edge.ask('/', { method: 'POST', body: Buffer.alloc(2_000_000) }).catch(() => undefined);
      if (huge) for (const header of SECURITY) assert.equal(huge.count(header), 1, `${header} on 413`);
    });

    test('health answers, dot files and hidden paths stay inside', async () => {
      for (const path of [
        '/-/health/live',
        '/-/health/ready',
        '/-/health',
        '//-/health/live',
        '/%2d/health/live',
        '/x/../-/health/live',
        '/.env',
        '/.git/config',
        '/static/.env',
        '/media/.hidden',
        '/-/unavailable.html',
      ]) {
        assert.equal((await edge.ask(path)).status, 404, path);
      }
      assert.equal((await edge.ask('/.well-known/security.txt')).status, 200);
      assert.equal((await edge.ask('/files/.config')).status, 200);
      assert.equal((await edge.ask('/static/.well-known/x.txt')).status, 200);
    });

    test('uploads: as large as allowed, no larger; the app gets them whole', async () => {
      const good = await edge.ask('/up', { method: 'POST', body: Buffer.alloc(1_000_000) });
      assert.equal(JSON.parse(good.body.toString()).size, 1_000_000);
      const large = { method: 'POST', body: Buffer.alloc(1_000_001) };
      const told = { expect: '100-continue', 'content-length': '1000001' };
      assert.equal((await edge.ask('/up', { ...large, headers: told })).status, 413);
      assert.equal((await edge.ask('/up', { ...large, headers: { expect: '100-continue' } })).status, kind.withoutLength);
    });

    test('static files: brotli, gzip or plain as the browser takes them, with the right type', async () => {
      const cases: readonly (readonly [string | undefined, string, string | undefined])[] = [
        ['gzip, deflate, br', 'br css', 'br'],
        ['br;q=0.5, gzip;q=1', 'br css', 'br'],
        ['gzip', 'gzip css', 'gzip'],
        ['br;q=0, gzip', 'gzip css', 'gzip'],
        ['br;q=0.000,gzip;q=0', 'plain css', undefined],
        ['BR ; q=1.0', 'br css', 'br'],
        ['brotli', 'plain css', undefined],
        ['identity', 'plain css', undefined],
        [undefined, 'plain css', undefined],
      ];
      for (const [accept, body, encoding] of cases) {
        const answer = await edge.ask('/static/a.css', { headers: accept === undefined ? {} : { 'accept-encoding': accept } });
        assert.deepEqual([answer.body.toString(), answer.headers['content-encoding']], [body, encoding], accept);
        assert.equal(answer.headers['content-type'], 'text/css; charset=utf-8');
        assert.equal(answer.headers['vary'], 'Accept-Encoding');
        assert.equal(answer.headers['cache-control'], 'public, max-age=60');
      }
      const hashed = await edge.ask('/static/only.0123456789ab.js', { headers: { 'accept-encoding': 'br, gzip' } });
      assert.equal(hashed.headers['cache-control'], 'public, max-age=31536000, immutable');
      assert.equal(hashed.headers['content-encoding'], undefined);
      assert.equal(hashed.headers['content-type'], 'text/javascript; charset=utf-8');
      const etag = hashed.headers.etag ?? '';
      assert.equal((await edge.ask('/static/only.0123456789ab.js', { headers: { 'if-none-match': etag } })).status, 304);
      const missing = await edge.ask('/static/none.0123456789ab.js');
      assert.deepEqual([missing.status, missing.headers['cache-control']], [404, undefined]);
    });

    test('files of earlier releases are found, current ones win, nothing outside is', async () => {
      const old = await edge.ask('/static/old.ba9876543210.css', { headers: { 'accept-encoding': 'br' } });
      assert.deepEqual([old.body.toString(), old.headers['content-encoding']], ['old br', 'br']);
      assert.match(old.headers['cache-control'] ?? '', /immutable/);
      for (const path of [
        '/static/../../secret.txt',
        '/static/%2e%2e/%2e%2e/secret.txt',
        '/static../secret.txt',
        '/media../one/secret.txt',
        '/static/',
        '/static',
        '/media/',
        '/media/sub',
      ]) {
        const answer = await edge.ask(path);
        assert.doesNotMatch(answer.body.toString(), /^secret/, path);
        assert.notEqual(answer.status, 403, path);
      }
    });

    test('uploaded files are shown or downloaded, never run', async () => {
      const type = async (file: string) => {
        const { headers, status } = await edge.ask(`/media/${file}`);
        assert.equal(status, 200, file);
        return [
          headers['content-type'],
          headers['content-disposition'],
          /(^|;)\s*sandbox/.test(headers['content-security-policy']?.toString() ?? ''),
        ];
      };
      assert.deepEqual(await type('x.html'), ['application/octet-stream', 'attachment', true]);
      assert.deepEqual(await type('x.js'), ['application/octet-stream', 'attachment', true]);
      assert.deepEqual(await type('x.xml'), ['application/octet-stream', 'attachment', true]);
      assert.deepEqual(await type('x.svg'), ['image/svg+xml; charset=utf-8', 'attachment', true]);
      assert.deepEqual(await type('x.png'), ['image/png', undefined, true]);
      assert.deepEqual(await type('x.pdf'), ['application/pdf', undefined, false]);
      assert.deepEqual(await type('x.txt'), ['text/plain; charset=utf-8', undefined, true]);
      assert.deepEqual(await type('x.bin'), ['application/octet-stream', undefined, true]);
      assert.deepEqual(await type('sub/y.jpg'), ['image/jpeg', undefined, true]);
      const range = await edge.ask('/media/x.png', { headers: { range: 'bytes=2-4' } });
      assert.deepEqual([range.status, range.body.toString()], [206, '234']);
      assert.equal((await edge.ask('/media/link.txt')).status, kind.symlink, 'a symlink leads nowhere');
      assert.equal((await edge.ask('/media/x.png', { method: 'POST', body: 'x' })).status, kind.posted);
    });

    test('answers are sent on as they come where the app asks for it', async () => {
      const began = performance.now();
      let first = 0;
      await new Promise<void>((done, fail) => {
        const session = http2Connect(edge.url, { ca: edge.authority.certificate });
        const stream = session.request({ ':path': '/stream' });
        stream.once('data', () => {
          first = performance.now() - began;
        });
        stream.on('data', () => {});
        stream.on('end', () => {
          session.close();
          done();
        });
        stream.on('error', fail);
      });
      assert.ok(first < 450 && performance.now() - began >= 550, `first part after ${first} ms`);
    });

    test('only posts to the log-in are limited, however its address is written', async () => {
      const refused = async (method: string, path: string) => {
        const answers = await Promise.all(Array.from({ length: 25 }, () => edge.ask(path, { method })));
        return answers.filter(({ status }) => status === 429).length;
      };
      assert.equal(await refused('GET', '/admin/login/?next=/'), 0);
      assert.equal(await refused('POST', '/admin/login/other'), 0);
      const times = await refused('POST', '/admin/login/?next=/');
      assert.ok(times >= 12 && times <= 14, `${times}`);
      for (const path of ['/admin%2flogin/', '/%61dmin/login%2F?x', '//admin/login/'])
        assert.ok((await refused('POST', path)) >= 23, path);
    });

    test('the log has the path and who asked, and no query string anywhere', async () => {
      await edge.ask('/reset?token=SECRET1', {
        headers: { referer: 'https://localhost/x?token=SECRET2', 'user-agent': 'a"b\\c\u00e9' },
      });
      await edge.ask('/admin/login/?token=SECRET3', { method: 'POST' });
      const text = readFileSync(join(edge.config.logs, 'access.log'), 'utf8');
      const line = text
        .trim()
        .split('\n')
        .map((one) => JSON.parse(one))
        .find((one) => one.path === '/reset');
      assert.deepEqual(
        [line.remote, line.method, line.status, line.release, line.upstream_status, line.referer, line.host.split(':')[0]],
        ['127.0.0.1', 'GET', 200, 'r1', isApache ? undefined : '200', 'https://localhost/x', 'localhost'],
      );
      assert.match(line.request_id, kind.id);
      assert.match(line.agent, isApache ? /^a$/ : /^a"b\\c/);
      assert.doesNotMatch(text, /SECRET/);
      assert.doesNotMatch(readFileSync(join(edge.config.logs, 'error.log'), 'utf8'), /SECRET/);
    });

    test('websockets on any path; a switch lets open ones be; then the app is gone and a page says so', async () => {
      edge.switchTo('two');
      const socket = new WebSocket(`${edge.url.replace('https', 'wss')}/any/path/`, { ca: edge.authority.certificate });
      const said = (text: string) =>
        new Promise<string>((done, fail) => {
          socket.once('message', (data) => done(String(data))).once('error', fail);
          socket.send(text);
        });
      await new Promise((done, fail) => socket.once('open', done).once('error', fail));
      assert.equal(await said('hello'), 'got hello');
      edge.switchTo('one');
      assert.equal(await said('again'), 'got again');
      socket.close();

      unlinkSync(join(edge.folder, 'live'));
      for (const method of ['GET', 'POST']) {
        const down = await edge.ask('/', { method, headers: { 'accept-encoding': 'identity' } });
        assert.equal(down.status, kind.away);
        assert.equal(down.headers['retry-after'], '5');
        assert.equal(down.headers['content-type'], 'text/html; charset=utf-8');
        assert.equal(down.headers['cache-control'], 'no-store');
        assert.ok(down.body.toString().includes(`<code>${down.headers['x-request-id']}</code>`));
        assert.doesNotMatch(down.body.toString(), /nginx|apache|https?:\/\//i);
        for (const header of SECURITY) assert.equal(down.count(header), 1, header);
      }
      edge.switchTo('one');
      const own = await edge.ask('/fails');
      assert.deepEqual([own.status, own.body.toString()], [503, 'the app’s own page']);
    });

    test('workers run as the user that was asked for', { skip: process.getuid?.() !== 0 }, () => {
      const children = readFileSync(`/proc/${edge.pid}/task/${edge.pid}/children`, 'utf8').trim().split(' ');
      const users = children.map((pid) => readFileSync(`/proc/${pid}/status`, 'utf8').match(/^Uid:\t(\d+)/m)?.[1]);
      assert.ok(users.length > 0 && users.every((user) => user !== '0' && user !== undefined), users.join());
    });
  });

  const elsewhere = isApache && 'test/live/server/apache.test.ts';
  test(`edge: ${name}: ten switches under load lose nothing`, { skip: elsewhere }, async () => {
    const answer = (release: string) => (request: IncomingMessage, response: ServerResponse) => {
      request
        .resume()
        .on('end', () => setTimeout(() => response.writeHead(200, { 'X-Release': release }).end('ok'), Math.random() * 20));
    };
    const edge = await Edge.start(program, answer('one'));
    try {
      await edge.app('two', answer('two'));
      const load = startLoad({
        url: `${edge.url}/`,
        ca: Buffer.from(edge.authority.certificate),
        rate: 150,
        postEvery: 3,
        contains: 'ok',
      });
      for (let index = 0; index < 10; index++) {
        await new Promise((next) => setTimeout(next, 250));
        edge.switchTo(index % 2 === 0 ? 'two' : 'one');
      }
      const report = await load.stop();
      assert.deepEqual(report.failures, {});
      assert.ok(report.sent > 250, `${report.sent} sent`);
      assert.deepEqual([...report.releases].sort(), ['one', 'two']);
    } finally {
      await edge.stop();
    }
  });
}
