import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../src/core/failure.js';
import { errorPage } from '../../src/templates/error-page.js';
import { type EdgeConfig, nginxConfig, nginxSite } from '../../src/templates/nginx.js';
import { serverName } from '../../src/templates/nginx-place.js';
import { matchLiterally, quoteNginx } from '../../src/templates/nginx-quote.js';

const EDGE: EdgeConfig = {
  nginx: { version: [1, 22, 1], openssl: [3, 0, 19], configure: ['--with-http_v2_module', '--with-http_ssl_module'] },
  folder: '/srv/edge',
  pid: '/srv/edge/nginx.pid',
  logs: '/srv/edge/logs',
  temp: '/srv/edge/temp',
  listen: { addresses: ['127.0.0.1', '::1'], https: 8443, http: 8080 },
  domains: ['localhost'],
  certificate: '/srv/edge/tls/cert.pem',
  key: '/srv/edge/tls/key.pem',
  upstreamSocket: '/srv/live/web.sock',
  static: [{ url: '/static/', current: '/srv/live/static', kept: '/srv/kept' }],
  media: [{ url: '/media/', root: '/srv/media' }],
  errorPage: '/srv/edge/unavailable.html',
  webSockets: true,
  maxBody: 10_000_000,
  workerProcesses: 2,
  hstsSeconds: 60,
  headers: {
    'Strict-Transport-Security': 'edge',
    'X-Content-Type-Options': 'app',
    'Referrer-Policy': 'app',
    'Cross-Origin-Opener-Policy': 'app',
    'X-Frame-Options': 'edge',
  },
};

const config = (change: Partial<EdgeConfig>): string => nginxConfig({ ...EDGE, ...change });
const nginx = (
  version: EdgeConfig['nginx']['version'],
  openssl: EdgeConfig['nginx']['openssl'] = [3, 0, 0],
): Partial<EdgeConfig> => ({
  nginx: { ...EDGE.nginx, version, openssl },
});

test('directives are chosen by version', () => {
  const cases: readonly (readonly [string, Partial<EdgeConfig>, RegExp, boolean])[] = [
    ['http2 as a flag before 1.25.1', nginx([1, 25, 0]), /listen 127\.0\.0\.1:8443 ssl http2;/, true],
    ['http2 as a directive from 1.25.1', nginx([1, 25, 1]), /http2 on;/, true],
    ['and no flag', nginx([1, 25, 1]), /ssl http2/, false],
    ['neither without the module', { nginx: { ...EDGE.nginx, configure: [] } }, /http2/, false],
    ['handshakes refused from 1.19.4', nginx([1, 19, 4]), /ssl_reject_handshake on;/, true],
    ['not before', nginx([1, 18, 0]), /ssl_reject_handshake/, false],
    ['nor where an address is asked for without a name', { domains: ['localhost', '127.0.0.1'] }, /ssl_reject_handshake/, false],
    ['keep-alive off from 1.29.7', nginx([1, 29, 7]), /keepalive 0;/, true],
    ['off by itself before', nginx([1, 29, 6]), /keepalive 0;/, false],
    ['keepalive_min_timeout from 1.27.4', nginx([1, 27, 4]), /keepalive_min_timeout/, true],
    ['not in Debian 13’s', nginx([1, 26, 3]), /keepalive_min_timeout/, false],
    ['the hybrid group with OpenSSL 3.5', nginx([1, 26, 3], [3, 5, 0]), /ssl_ecdh_curve \?X25519MLKEM768:X25519/, true],
    ['not with 3.4', nginx([1, 26, 3], [3, 4, 9]), /MLKEM/, false],
    [
      'no folder for a module that is not there',
      { nginx: { ...EDGE.nginx, configure: ['--without-http_uwsgi_module'] } },
      /uwsgi_temp_path/,
      false,
    ],
    ['no websockets, no way to them', { webSockets: false }, /slipway_(upgrade|websocket|connection)/, false],
    [
      'no plain HTTP',
      { listen: { addresses: ['0.0.0.0'], https: 443 } },
      /308 https:\/\/\$host\$request_uri;\n\s*\}\n\s*server/,
      false,
    ],
    [
      'the port is left out where it is the usual one',
      { listen: { addresses: ['0.0.0.0'], https: 443, http: 80 } },
      /return 308 https:\/\/\$host\$request_uri;/,
      true,
    ],
    ['whom the workers become', { user: { name: 'app', group: 'web' } }, /^user "app" "web";$/m, true],
  ];
  for (const [title, change, pattern, expected] of cases) assert.equal(pattern.test(config(change)), expected, title);
});

test('each header has one owner', () => {
  const text = config({});
  assert.match(text, /proxy_hide_header X-Frame-Options;\n\s*add_header X-Frame-Options "DENY" always;/);
  assert.doesNotMatch(text, /proxy_hide_header Referrer-Policy/);
  assert.match(text, /add_header Referrer-Policy \$slipway_own_referrer_policy always;/);
  assert.doesNotMatch(config({ hstsSeconds: 0 }), /Strict-Transport/);
});

test('what cannot be is refused by name', () => {
  const cases: readonly (readonly [Partial<EdgeConfig>, RegExp])[] = [
    [{ domains: ['evil.test; return 200'] }, /evil\.test/],
    [{ domains: ['~^(.*)$'] }, /no domain/],
    [{ domains: [''] }, /no domain/],
    [{ listen: { addresses: ['localhost'], https: 8443 } }, /no address/],
    [{ listen: { addresses: ['::1'], https: 70000 } }, /70000 is no port/],
    [{ static: [{ url: '/', current: '/s' }] }, /STATIC_URL/],
    [{ static: [{ url: 'static/', current: '/s' }] }, /STATIC_URL/],
    [{ media: [{ url: '/media', root: '/m' }] }, /MEDIA_URL/],
    [{ upstreamSocket: `/${'x'.repeat(107)}` }, /107 bytes/],
    [{ media: [{ url: '/media/', root: '/a\nb' }] }, /control character/],
    [{ certificate: '/elsewhere/$x.pem' }, /variable/],
    [{ cache: { seconds: 0.5, paths: ['/'] } }, /cache\.seconds/],
  ];
  for (const [change, message] of cases) {
    assert.throws(
      () => config(change),
      (error) => error instanceof Failure && error.kind === 'config' && message.test(error.message),
      String(message),
    );
  }
});

test('names', () => {
  assert.deepEqual(['Shop.Example', '*.x.test', '127.0.0.1', '::1', '[::1]', 'my_host'].map(serverName), [
    'shop.example',
    '*.x.test',
    '127.0.0.1',
    '[::1]',
    '[::1]',
    'my_host',
  ]);
});

test('quoting', () => {
  assert.equal(quoteNginx('a "b" \\ $c'), '"a \\"b\\" \\\\ $c"');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is nginx that reads it
  assert.equal(quoteNginx('$c', 'value'), '"${slipway_dollar}c"');
  for (const bad of ['\n', '\0', '\x7f', '\ud800', 'x'.repeat(4001)]) assert.throws(() => quoteNginx(bad), Failure);
  for (const text of ['a.b*c', '/x-y/(z)?', '$^{}[]|\\ #']) assert.ok(new RegExp(`^${matchLiterally(text)}$`).test(text), text);
});

const HASHED = [
  'app.0123456789ab.css',
  'app.min.0123456789ab.js',
  'LICENSE.0123456789ab',
  'main.8d2f3a1b.chunk.js',
  'vendor-3f9c2e1d77aa0b12.js',
  'index-B3kD9fQx.js',
  'index.B3kD9-_x.css',
  'chunk-5RCQ3XOM.js',
  'logo.8d2f3a1b.svg',
];
const PLAIN = [
  'app.css',
  'jquery-3.7.1.min.js',
  'bootstrap.bundle.min.js',
  'bootstrap-datepicker.js',
  'report-20260101.pdf',
  'photo-DSC00123.jpg',
  'font-awesome5.css',
  'README-VERSION2.txt',
  'd3.v7.min.js',
  'app-Dark2Mode1.png',
  'style-defaced.css',
];

test('only names that hold a hash are kept for a year', () => {
  const block = /map \$uri \$slipway_freshness \{(.*?)\n {2}\}/s.exec(config({}))?.[1] ?? '';
  const patterns = [...block.matchAll(/"~(.*?)" "public, max-age=31536000, immutable"/g)].map(
    (match) => new RegExp((match[1] ?? '').replaceAll('\\\\', '\\')),
  );
  assert.equal(patterns.length, 4);
  const immutable = (name: string): boolean => patterns.some((pattern) => pattern.test(`/plain/static/x/${name}`));
  for (const name of HASHED) assert.ok(immutable(name), name);
  for (const name of PLAIN) assert.ok(!immutable(name), name);
});

test('the error page is complete in itself and cannot be broken out of', () => {
  const page = errorPage('<script>"&');
  assert.match(page, /<title>&lt;script&gt;&quot;&amp; is not available/);
  assert.doesNotMatch(page, /<script|src=|href=|url\(|https?:/);
});

test('a host passes on an authority’s challenge that it does not know, and one that was passed on it does not', () => {
  const site = (change: Partial<EdgeConfig>): string => nginxSite({ ...EDGE, scope: 'shop', challenges: '/srv/acme', ...change });
  const text = site({ challengePeers: ['10.0.0.11', 'fd00::12'] });
  assert.match(
    text,
    /upstream slipway_shop_challenge_peers \{\n {2}server 10\.0\.0\.11:80 max_fails=0;\n {2}server \[fd00::12\]:80 max_fails=0;/,
  );
  assert.match(text, /try_files \$uri @challenge_peers;/);
  assert.match(text, /location @challenge_peers \{\n\s+if \(\$http_x_slipway_challenge\) \{ return 404; \}/);
  for (const alone of [site({}), site({ challengePeers: [] })]) {
    assert.match(alone, /try_files \$uri =404;/);
    assert.doesNotMatch(alone, /challenge_peers/);
  }
});
