import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '../../src/config/parse.js';
import type { Config } from '../../src/config/schema.js';
import { Failure } from '../../src/core/failure.js';
import { everySeed, HOSTILE } from './random.js';

const config = (text: string): Config => parseConfig(text, 'slipway.yml').config;

function failure(text: string): Failure {
  try {
    parseConfig(text, 'slipway.yml');
  } catch (error) {
    assert.ok(error instanceof Failure, `not foreseen: ${error instanceof Error ? error.stack : error}`);
    assert.equal(error.kind, 'config');
    return error;
  }
  return assert.fail(`taken: ${text.slice(0, 200)}`);
}

/** The example of the public contract. */
const CONTRACT = `app: shop
python: "3.12"
settings_module: shop.settings.production
settings: {SECURE_HSTS_SECONDS: 3600, STORAGES: keep}       # a value to hold, or \`keep\`: leave the project's own
env: {EMAIL_HOST: mail.example, STRIPE_KEY: {secret: STRIPE_KEY}}
files: {shop/local_settings.py: deploy/local_settings.py}   # placed into the release, never into the project
build: [npm ci, npm run build]                              # instead of what was detected
web: {server: gunicorn, workers: 3, middleware: ["shop.wsgi_mw:wrap"], cache: {seconds: 1, paths: [/]}}
processes: {worker: {command: "celery -A shop worker", scale: 2, stop_seconds: 300}, mailer: {command: "python manage.py send_queued"}}
cron: {clean: {command: "python manage.py clearsessions", at: "04:15"}}
hooks: {before_migrate: ./deploy/check.sh}
environments:
  production:
    target: server
    hosts: [{address: deploy@203.0.113.10, roles: [web, worker, beat, database]}]
    ssh_config: deploy/ssh_config                           # absent: the user's own
    domains: [shop.example, www.shop.example]
    edge: nginx                                             # or apache
    tls: {acme: https://acme.example/directory, email: ops@shop.example, ca: acme-ca.pem}
    database: {url: {secret: DATABASE_URL}}
    provision: {firewall: true, updates: true, ssh_hardening: true}
    rollout: {batch: 1, watch_seconds: 30}
    env: {SHOP_MODE: live}
`;

test('the example of the contract', () => {
  assert.deepEqual(config(CONTRACT), {
    app: 'shop',
    python: '3.12',
    settings_module: 'shop.settings.production',
    settings: { SECURE_HSTS_SECONDS: 3600, STORAGES: 'keep' },
    env: { EMAIL_HOST: 'mail.example', STRIPE_KEY: { secret: 'STRIPE_KEY' } },
    files: { 'shop/local_settings.py': 'deploy/local_settings.py' },
    build: [
      ['npm', 'ci'],
      ['npm', 'run', 'build'],
    ],
    web: { server: 'gunicorn', workers: 3, middleware: ['shop.wsgi_mw:wrap'], cache: { seconds: 1, paths: ['/'] } },
    processes: {
      worker: { command: ['celery', '-A', 'shop', 'worker'], scale: 2, stop_seconds: 300 },
      mailer: { command: ['python', 'manage.py', 'send_queued'] },
    },
    cron: { clean: { command: ['python', 'manage.py', 'clearsessions'], at: '04:15' } },
    hooks: { before_migrate: ['./deploy/check.sh'] },
    environments: {
      production: {
        target: 'server',
        hosts: [{ address: 'deploy@203.0.113.10', roles: ['web', 'worker', 'beat', 'database'] }],
        ssh_config: 'deploy/ssh_config',
        domains: ['shop.example', 'www.shop.example'],
        edge: 'nginx',
        tls: { acme: 'https://acme.example/directory', email: 'ops@shop.example', ca: 'acme-ca.pem' },
        database: { url: { secret: 'DATABASE_URL' } },
        provision: { firewall: true, updates: true, ssh_hardening: true },
        rollout: { batch: 1, watch_seconds: 30 },
        env: { SHOP_MODE: 'live' },
      },
    },
  });
});

test('a file that says nothing is a configuration that says nothing', () => {
  for (const text of ['', '\n\n', '# nothing\n', '---\n', '---\n...\n', '{}', 'app:\nweb:\nenvironments:\n', 'null', '\t\n']) {
    assert.deepEqual(config(text), {}, JSON.stringify(text));
  }
});

test('what people write is taken', () => {
  const table: readonly (readonly [string, Config])[] = [
    ['---\napp: shop\n...\n', { app: 'shop' }],
    ['app: shop\r\nkeep:\r\n  - var\r\n', { app: 'shop', keep: ['var'] }],
    ['keep: [a/../b/, ./c, d/e]', { keep: ['b', 'c', 'd/e'] }],
    ['files: {./a/b.py: ../secret/b.py}', { files: { 'a/b.py': '../secret/b.py' } }],
    ['web: {max_body: 25MB}', { web: { max_body: 26_214_400 } }],
    ['web: {max_body: 1 GiB}', { web: { max_body: 1_073_741_824 } }],
    ['web: {max_body: 1000}', { web: { max_body: 1000 } }],
    ['processes: {beat: false}', { processes: { beat: false } }],
    ['processes: {w: {command: [sh, -c, "a | b; $c"]}}', { processes: { w: { command: ['sh', '-c', 'a | b; $c'] } } }],
    ['build: []', { build: [] }],
    ['build: [[npm, ci]]', { build: [['npm', 'ci']] }],
    [
      'settings: {A: null, B: [1, {c: true}], C: {secret: X}}',
      { settings: { A: null, B: [1, { c: true }], C: { secret: 'X' } } },
    ],
    ['cron: {a: {command: x, at: 04:15}}', { cron: { a: { command: ['x'], at: '04:15' } } }],
    ['settings_module: größe.settings', { settings_module: 'größe.settings' }],
    ['environments: {local: }', { environments: { local: {} } }],
    [
      'environments: {p: {target: server, hosts: ["deploy@[2001:db8::1]:22"]}}',
      { environments: { p: { target: 'server', hosts: ['deploy@[2001:db8::1]:22'] } } },
    ],
    ['environments: {local: {tls: external}}', { environments: { local: { tls: 'external' } } }],
    [
      'environments: {local: {tls: {certificate: a, key: b}}}',
      { environments: { local: { tls: { certificate: 'a', key: 'b' } } } },
    ],
  ];
  for (const [text, expected] of table) assert.deepEqual(config(text), expected, text);
});

test('variables stay what was typed', () => {
  assert.deepEqual(
    config('env: {A: 1.10, B: true, C: 0x1F, D: , E: "x", F: {secret: S}, G: 010, H: 1e3, I: .inf, J: 99999999999999999999}'),
    {
      env: {
        A: '1.10',
        B: 'true',
        C: '0x1F',
        D: null,
        E: 'x',
        F: { secret: 'S' },
        G: '010',
        H: '1e3',
        I: '.inf',
        J: '99999999999999999999',
      },
    },
  );
  assert.deepEqual(config('env: {A: &n 03}\nweb: {workers: *n}'), { env: { A: '03' }, web: { workers: 3 } });
});

test('anchors, aliases and merged maps', () => {
  const text = `env: &common {A: 1.10, B: &b 2.0}
environments:
  local:
    env: {<<: *common, C: *b, A: x}
  staging: &staging {target: server, hosts: [a.example]}
  production: {<<: *staging, hosts: [b.example]}
`;
  assert.deepEqual(config(text), {
    env: { A: '1.10', B: '2.0' },
    environments: {
      local: { env: { A: 'x', B: '2.0', C: '2.0' } },
      staging: { target: 'server', hosts: ['a.example'] },
      production: { target: 'server', hosts: ['b.example'] },
    },
  });
});

test('every mistake names its place and its mend', () => {
  const table: readonly (readonly [text: string, code: string, place: string, message: RegExp, hint: RegExp])[] = [
    ['app: shop\nwokers: 3\n', 'UNKNOWN_KEY', '2:1', /unknown key "wokers"$/, /allowed here: app, python/],
    ['web: {wokers: 3}', 'UNKNOWN_KEY', '1:7', /unknown key "wokers" in web/, /did you mean workers\?/],
    ['web:\r\n  foo: 1\r\n', 'UNKNOWN_KEY', '2:3', /"foo" in web/, /server, interface/],
    [
      'environments: {p: {target: server, hosts: [{adress: x}]}}',
      'UNKNOWN_KEY',
      '1:45',
      /environments\.p\.hosts\[0\]/,
      /address\?/,
    ],
    ['web: {workers: three}', 'TYPE', '1:16', /must be a whole number, but is the text "three"/, /workers: 3/],
    ['web: {workers: "3"}', 'TYPE', '1:16', /the text "3"/, /workers: 3/],
    ['web: {workers: 2.5}', 'TYPE', '1:16', /the number 2\.5/, /workers: 3/],
    ['web: {workers: 0}', 'VALUE', '1:16', /at least 1/, /workers: 3/],
    ['web: []', 'TYPE', '1:6', /must be a map, but is a list/, /web: \{/],
    ['python: 3.10', 'TYPE', '1:9', /the number 3\.1 \(written 3\.10\)/, /put it in quotes: python: "3\.10"/],
    ['python: "3.x"', 'VALUE', '1:9', /version of Python 3/, /python: "3\.12"/],
    ['app: true', 'TYPE', '1:6', /but is true/, /app: "true"/],
    ['app: My Shop', 'VALUE', '1:6', /lower-case/, /app: shop/],
    ['web:\n\tworkers: 3', 'TAB', '2:1', /indented with a tab/, /spaces/],
    ['web:\n  server: x\n \tworkers: 3', 'TAB', '3:2', /indented with a tab/, /spaces/],
    ['app: a\nweb: {}\napp: b\n', 'DUPLICATE_KEY', '3:1', /the key "app" stands here a second time, after line 1/, /keep one/],
    ['app: a\n---\napp: b\n', 'DOCUMENTS', '2:1', /second document/, /---/],
    ['- a\n', 'TYPE', '1:1', /the file must be a map, but is a list/, /^$/],
    ['just text', 'TYPE', '1:1', /the file must be a map/, /^$/],
    ['env: {A: [x]}', 'TYPE', '1:10', /env\.A must be a text.* but is a list/, /^$/],
    ['env: {1X: 2}', 'KEY', '1:7', /"1X" is no name of a variable/, /env: /],
    ['env: {A: {secret: given.A.1}}', 'VALUE', '1:19', /no name of a secret/, /STRIPE_KEY/],
    ['settings: {debug: 1}', 'KEY', '1:12', /"debug" is no name of a setting/, /settings: /],
    ['settings: {A: .inf}', 'VALUE', '1:15', /\.inf is no number/, /quotes/],
    ['settings: {A: 99999999999999999999}', 'VALUE', '1:15', /lose digits/, /"99999999999999999999"/],
    ['processes: {worker: {command: "celery worker | tee x"}}', 'COMMAND', '1:46', /a pipe \(\|\)/, /list of words/],
    ['processes: {w: {command: a > b}}', 'COMMAND', '1:28', /redirection/, /list of words/],
    ['processes: {web: {scale: 2}}', 'KEY', '1:13', /own key/, /processes: /],
    ['processes: {w: true}', 'TYPE', '1:16', /must be false or a map/, /^$/],
    ['processes: {w: {command: [a, 1]}}', 'TYPE', '1:30', /command\[1\] must be a text/, /"1"/],
    ['processes: {w: {command: {}}}', 'TYPE', '1:26', /a text or a list, but is a map/, /celery/],
    ['hooks: {before_migrate: ""}', 'COMMAND', '1:25', /is empty/, /name a program/],
    ['cron: {a: {at: "04:15"}}', 'MISSING', '1:8', /cron\.a has no command/, /clearsessions/],
    ['cron: {a: {command: x, at: "25:00"}}', 'VALUE', '1:28', /time of day/, /04:15/],
    ['web: {server: gunicron}', 'VALUE', '1:15', /one of gunicorn/, /did you mean gunicorn\?/],
    ['web: {cache: {}}', 'MISSING', '1:7', /web\.cache has no seconds/, /seconds: 1/],
    ['web: {max_body: lots}', 'VALUE', '1:17', /must be a size/, /25MB/],
    ['web: {middleware: [shop]}', 'VALUE', '1:20', /package\.module:name/, /^$/],
    ['files: {../x: y}', 'KEY', '1:9', /inside the project/, /files: /],
    ['keep: [/var/lib]', 'VALUE', '1:8', /inside the project/, /^$/],
    ['build: npm ci', 'TYPE', '1:8', /must be a list/, /npm ci/],
    ['environments: {staging: }', 'MISSING', '1:16', /environments\.staging has no target/, /local \| server/],
    ['environments: {p: {target: server}}', 'MISSING', '1:16', /has no hosts/, /hosts: \[/],
    ['environments: {p: {target: serber}}', 'VALUE', '1:28', /one of local, server/, /server\?/],
    ['environments: {local: {target: server, hosts: [a]}}', 'VALUE', '1:32', /always this machine/, /another name/],
    ['environments: {Prod: {target: local}}', 'KEY', '1:16', /no name of an environment/, /production/],
    ['environments: {p: {target: server, hosts: [-oProxyCommand=x]}}', 'VALUE', '1:44', /address of a machine/, /^$/],
    ['environments: {p: {target: server, hosts: a@b}}', 'TYPE', '1:43', /must be a list/, /hosts: \[/],
    ['environments: {local: {domains: ["https://x"]}}', 'VALUE', '1:34', /without scheme/, /^$/],
    ['environments: {local: {tls: {certificate: x}}}', 'MISSING', '1:24', /tls has no key/, /key: PATH/],
    ['environments: {local: {tls: {certificate: x, key: y, email: a@b}}}', 'VALUE', '1:29', /both/, /keep/],
    ['environments: {local: {tls: {acme: "http://x"}}}', 'VALUE', '1:36', /https URL/, /https:/],
    ['a: *x', 'ALIAS', '1:4', /named &x/, /quotes/],
    ['settings: {A: &a [*a]}', 'ALIAS', '1:19', /part of/, /quotes/],
    ['app: !x y', 'SYNTAX', '1:6', /unresolved tag/, /quotes/],
    ['app: !!binary aGk=', 'SYNTAX', '1:15', /no meaning here/, /quotes/],
    ['%YAML 1.1\n---\nsettings: {A: 2001-01-01}', 'SYNTAX', '3:15', /no meaning here/, /quotes/],
    ['a: b: c', 'SYNTAX', '1:4', /nested mappings/, /quote/],
    ['app: @x', 'SYNTAX', '1:6', /reserved character/, /quotes/],
    ['app: "x', 'SYNTAX', '1:8', /missing closing/, /^$/],
    ['? a\n: b', 'SYNTAX', '1:1', /without `\?`/, /name: value/],
    ['app: "x\0"', 'SYNTAX', '1:8', /U\+0000/, /^$/],
    ['env: {A: "x\\0"}', 'VALUE', '1:10', /NUL/, /^$/],
    ['app: a\rweb: {}', 'SYNTAX', '1:7', /U\+000D/, /^$/],
    ['__proto__: {a: 1}', 'UNKNOWN_KEY', '1:1', /__proto__/, /^$/],
    ['env: {__proto__: x}', 'UNKNOWN_KEY', '1:7', /__proto__/, /^$/],
  ];
  for (const [text, code, place, message, hint] of table) {
    const found = failure(text);
    const label = `${JSON.stringify(text)}: ${found.message}`;
    assert.equal(found.code, `CONFIG_${code}`, label);
    assert.ok(found.message.startsWith(`slipway.yml:${place}: `), label);
    assert.match(found.message, message, label);
    assert.match(found.hint ?? '', hint, `${label} ${found.hint}`);
    // The caret stands below the column that is named.
    const [line = '', caret = ''] = (found.detail ?? '').split('\n');
    const [row = 0, column = 0] = place.split(':').map(Number);
    assert.equal(line.slice(4), (text.split(/\r?\n/)[row - 1] ?? '').replace(/[\0\r]/g, '\ufffd'), label);
    assert.equal(caret.indexOf('^'), column + 3, label);
  }
});

test('all mistakes are told, in the order of the file', () => {
  const found = failure('web:\n  workers: three\n  thread: 3\npython: 3.10\n');
  assert.equal(found.message, 'slipway.yml:2:12: web.workers must be a whole number, but is the text "three"');
  assert.equal(
    found.detail,
    [
      '      workers: three',
      '               ^',
      'slipway.yml:3:3: unknown key "thread" in web (did you mean threads?)',
      '      thread: 3',
      '      ^',
      'slipway.yml:4:9: python must be a text, but is the number 3.1 (written 3.10) (put it in quotes: python: "3.10")',
      '    python: 3.10',
      '            ^',
    ].join('\n'),
  );
});

test('what would move a cursor or turn the text is not shown as it is', () => {
  const found = failure('\u202eapp: x');
  assert.doesNotMatch(`${found.message}${found.detail}`, /\u202e/);
});

test('a long line is cut around the place', () => {
  const found = failure(`env: {${'A: x, '.repeat(1)}B: "${'y'.repeat(5000)}", C: [1]}`);
  const [line = '', caret = ''] = (found.detail ?? '').split('\n');
  assert.ok(line.length < 130);
  assert.equal(line[caret.indexOf('^')], '[');
});

test('a file that would cost the reader its memory or its time is refused at once', () => {
  let bomb = 'settings:\n  A0: &a0 [x,x,x,x,x,x,x,x,x]\n';
  for (let index = 1; index < 9; index++)
    bomb += `  A${index}: &a${index} [${Array(9)
      .fill(`*a${index - 1}`)
      .join(',')}]\n`;
  const table: readonly (readonly [string, string])[] = [
    [bomb, 'CONFIG_ALIAS'],
    ['['.repeat(100_000), 'CONFIG_SYNTAX'],
    ['{a: '.repeat(50_000), 'CONFIG_SYNTAX'],
    ['- '.repeat(50_000), 'CONFIG_SYNTAX'],
    ['? '.repeat(50_000), 'CONFIG_SYNTAX'],
    [Array.from({ length: 500 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'), 'CONFIG_UNKNOWN_KEY'],
    ['#'.repeat(300_000), 'CONFIG_TOO_LARGE'],
  ];
  for (const [text, code] of table) {
    const start = performance.now();
    assert.equal(failure(text).code, code, text.slice(0, 20));
    assert.ok(performance.now() - start < 3000, text.slice(0, 20));
  }
});

test('every key says where it stands', () => {
  const { where } = parseConfig(CONTRACT, 'slipway.yml');
  const table: readonly (readonly [readonly (string | number)[], string | undefined])[] = [
    [['app'], 'slipway.yml:1:1'],
    [['settings', 'STORAGES'], 'slipway.yml:4:39'],
    [['environments', 'production', 'hosts', 0, 'address'], 'slipway.yml:15:14'],
    [['build', 1], 'slipway.yml:7:17'],
    [['releases_kept'], undefined],
    [['web', 'threads'], undefined],
    [['toString'], undefined],
  ];
  for (const [path, place] of table) assert.equal(where(path), place, path.join('.'));
});

test('any text is read or refused with its place, never anything else', () => {
  everySeed(150, (random) => {
    // The contract's example with pieces cut out and hostile ones put in.
    let text = CONTRACT;
    for (let count = 1 + random.below(4); count > 0; count--) {
      const at = random.below(text.length);
      text = text.slice(0, at) + random.text(HOSTILE, 6) + text.slice(at + random.below(12));
    }
    try {
      parseConfig(text, 'slipway.yml');
    } catch (error) {
      assert.ok(error instanceof Failure, `seed ${random.seed}: ${error instanceof Error ? error.stack : error}`);
      assert.match(error.message, /^slipway\.yml:\d+:\d+: /, `seed ${random.seed}`);
      assert.match(error.detail ?? '', /^ {4}.*\n\s+\^/, `seed ${random.seed}: ${error.detail}`);
    }
  });
});
