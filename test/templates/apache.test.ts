import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../src/core/failure.js';
import { parseApacheVersion } from '../../src/ops/apache.js';
import { type ApacheEdge, apacheModules, apacheShared, apacheSite } from '../../src/templates/apache.js';
import { quoteApache, quoteProgram } from '../../src/templates/apache-quote.js';
import { assertGolden } from '../support/golden.js';

const EDGE: ApacheEdge = {
  apache: { version: [2, 4, 71], openssl: [3, 5, 7] },
  name: 'shop',
  loginCounter: ['/usr/bin/python3', '-I', '-S', '/srv/shop/edge/count_logins.py'],
  logs: '/var/log/apache2/shop',
  domains: ['shop.example', 'www.shop.example'],
  challenges: '/srv/shop/edge/acme',
  certificate: '/srv/shop/edge/certificate.pem',
  key: '/srv/shop/edge/certificate-key.pem',
  upstreamSocket: '/srv/shop/live/web.sock',
  static: [{ url: '/static/', current: '/srv/shop/live/static', kept: '/srv/shop/static/kept' }],
  media: [{ url: '/media/', root: '/srv/shop/data/media' }],
  errorPage: '/srv/shop/edge/error.html',
  token: '/srv/shop/edge/token.apache',
  webSockets: true,
  maxBody: 1_000_000,
  hstsSeconds: 3600,
  headers: {
    'Strict-Transport-Security': 'edge',
    'X-Content-Type-Options': 'edge',
    'Referrer-Policy': 'app',
    'Cross-Origin-Opener-Policy': 'app',
    'X-Frame-Options': 'app',
  },
};

test('goldens of what sites share, and of one', () => {
  assertGolden(
    'templates/goldens/apache-shared.conf',
    apacheShared(EDGE.apache, { certificate: '/etc/s.pem', key: '/etc/s.key' }),
  );
  assertGolden('templates/goldens/apache-site.conf', apacheSite(EDGE));
});

test('what is asked for besides: a cache, and limits for log-ins', () => {
  const cache = { seconds: 2, paths: ['/', '/blog/'], pages: '/var/cache/apache2/mod_cache_disk/shop', locks: '/var/cache/l' };
  const edge: ApacheEdge = { ...EDGE, cache, loginPaths: ['/admin/login/'] };
  const lines = (one: ApacheEdge) => apacheSite(one).split('\n');
  const before = new Set(lines(EDGE));
  assertGolden(
    'templates/goldens/apache-more.conf',
    `${lines(edge)
      .filter((line) => !before.has(line))
      .join('\n')}\n`,
  );
  assert.deepEqual(
    apacheModules(edge).filter((name) => !apacheModules(EDGE).includes(name)),
    ['cache', 'cache_disk'],
  );
  assert.doesNotMatch(apacheSite({ ...edge, loginPaths: [] }), /RewriteMap/);
  for (const path of ['/a"b/', '/%{HTTP:x}/', `/$\{HOME}/`, "/a'b/"])
    assert.throws(() => apacheSite({ ...edge, cache: { ...cache, paths: [path] } }), { code: 'EDGE_VALUE' }, path);
  assert.throws(() => apacheSite({ ...edge, cache: { ...cache, seconds: 0.5 } }), { code: 'EDGE_CONFIG' });
});

test('an Apache that others use too keeps its own first site and its own size', () => {
  const shared = apacheShared(EDGE.apache, undefined);
  assert.doesNotMatch(shared, /VirtualHost|MaxRequestWorkers/);
  assert.match(shared, /^LogFormat /m);
});

test('a library that does not know the hybrid group is not told of it', () => {
  const jammy = apacheSite({ ...EDGE, apache: { version: [2, 4, 52], openssl: [3, 0, 2] } });
  assert.doesNotMatch(jammy, /MLKEM|DeflateAlterETag/);
  assert.match(jammy, /RequestHeader edit If-None-Match/);
});

test('versions as the programs print them', () => {
  const told =
    'Server version: Apache/2.4.71 (Debian)\nServer built:   2026-11-11T12:54:19\nOpenSSL 3.5.7 9 Jun 2026 (Library)\n';
  assert.deepEqual(parseApacheVersion(told), { version: [2, 4, 71], openssl: [3, 5, 7] });
  assert.deepEqual(parseApacheVersion(''), { version: [0, 0, 0], openssl: [0, 0, 0] });
});

test('a program and its arguments', () => {
  assert.equal(quoteProgram('prg:', ['/bin/a', '/x y']), `"prg:/bin/a '/x y'"`);
  for (const word of ["it's", 'a"b', 'a\\b', '', '%x'])
    assert.throws(() => quoteProgram('prg:', [word]), { code: 'EDGE_VALUE' }, word);
});

test('what Apache would read as a variable or an order is refused', () => {
  assert.equal(quoteApache('/a "b" \\c'), '"/a \\"b\\" \\\\c"');
  for (const text of ['a\nb', `$\{HOME}`, '%{HTTP:x}', '|/bin/sh', 'expr=1', '\ud800'])
    assert.throws(
      () => quoteApache(text),
      (error: unknown) => error instanceof Failure && error.code === 'EDGE_VALUE',
      text,
    );
});
