import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Failure } from '../../src/core/failure.js';
import {
  type NginxPlace,
  nginxArgv,
  nginxInstall,
  nginxLacks,
  nginxRefused,
  nginxSignal,
  nginxTest,
  parseNginxVersion,
} from '../../src/ops/nginx.js';

const DEBIAN = `nginx version: nginx/1.22.1
built with OpenSSL 3.0.20 7 Apr 2026 (running with OpenSSL 3.0.19 27 Jan 2026)
TLS SNI support enabled
configure arguments: --with-cc-opt='-g -O2' --prefix=/usr/share/nginx --with-http_ssl_module --with-http_v2_module --with-mail=dynamic
`;
const WHEEL = `nginx version: nginx/1.31.3
built by gcc 14.2.0 (Alpine 14.2.0)
built with OpenSSL 3.5.1 7 Apr 2026
configure arguments: --prefix=. --with-http_ssl_module --without-http_uwsgi_module --add-module=njs-0.9.9/nginx
`;

test('what nginx -V says', () => {
  const debian = parseNginxVersion(DEBIAN);
  assert.deepEqual(
    [debian.version, debian.openssl],
    [
      [1, 22, 1],
      [3, 0, 19],
    ],
  );
  assert.ok(debian.configure.includes('--with-http_v2_module') && debian.configure.includes('--with-mail'));
  const wheel = parseNginxVersion(WHEEL);
  assert.deepEqual(
    [wheel.version, wheel.openssl],
    [
      [1, 31, 3],
      [3, 5, 1],
    ],
  );
  assert.ok(wheel.configure.includes('--without-http_uwsgi_module'));
  assert.deepEqual(parseNginxVersion('nginx version: openresty/1.25.3.1\n').version, [1, 25, 3]);
  assert.deepEqual(parseNginxVersion('nginx version: nginx/1.26.0 (Ubuntu)\nbuilt with LibreSSL 3.9.0\n').openssl, [0, 0, 0]);
  assert.throws(
    () => parseNginxVersion('command not found'),
    (error) => error instanceof Failure && error.code === 'NGINX_UNKNOWN',
  );
});

test('which nginx cannot be the edge', () => {
  assert.equal(nginxLacks(parseNginxVersion(DEBIAN)), undefined);
  assert.match(nginxLacks(parseNginxVersion(DEBIAN.replace('1.22.1', '1.14.2'))) ?? '', /older/);
  assert.match(nginxLacks(parseNginxVersion(DEBIAN.replace('--with-http_ssl_module', ''))) ?? '', /TLS/);
});

const place = (version: readonly [number, number, number]): NginxPlace => ({
  program: '/usr/sbin/nginx',
  build: { ...parseNginxVersion(DEBIAN), version },
  folder: '/srv/a b/edge',
  logs: '/srv/a b/edge/logs',
});

test('how it is run', () => {
  const argv = ['/usr/sbin/nginx', '-p', '/srv/a b/edge', '-c', '/srv/a b/edge/nginx.conf'];
  assert.deepEqual(nginxArgv(place([1, 22, 1])), [...argv, '-e', '/srv/a b/edge/logs/error.log']);
  assert.deepEqual(nginxArgv(place([1, 19, 4])), argv, '-e came with 1.19.5');
  assert.deepEqual(nginxTest(place([1, 19, 4])).argv, [...argv, '-t', '-q']);
  assert.deepEqual(nginxSignal(place([1, 19, 4]), 'reload').argv, [...argv, '-s', 'reload']);
});

test('why it refused', () => {
  const taken = nginxRefused('nginx: [emerg] bind() to 127.0.0.1:8443 failed (98: Address already in use)');
  assert.deepEqual([taken.code, taken.kind], ['PORT_TAKEN', 'conflict']);
  assert.match(taken.message, /127\.0\.0\.1:8443/);
  const other = nginxRefused('nginx: [emerg] unknown directive "x" in /e/nginx.conf:3\nnginx: configuration file test failed');
  assert.match(other.message, /unknown directive "x" in \/e\/nginx\.conf:3/);
});

test('a new configuration is read by our nginx alone, whoever has the number in its pid file', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-nginx-$(x) '));
  const [config, next, pid] = ['nginx.conf', 'nginx.conf.next', 'nginx.pid'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const started: ChildProcess[] = [];
  t.after(() => {
    for (const child of started) child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });
  /** A process with that title, which ends with 42 when it is told to read its configuration anew. */
  const titled = async (title: string): Promise<ChildProcess> => {
    const script = 'trap "exit 42" HUP; echo ready; while :; do sleep 0.05; done';
    const child = spawn('bash', ['-c', script], { argv0: title, stdio: ['ignore', 'pipe', 'inherit'] });
    started.push(child);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    return child;
  };
  const install = (content: string, number: string) => {
    writeFileSync(next, content);
    writeFileSync(pid, number);
    const [program = '', ...args] = nginxInstall(next, { folder }, pid).argv.map((word) =>
      typeof word === 'string' ? word : '',
    );
    const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
    assert.deepEqual([status, stderr, readFileSync(config, 'utf8')], [0, '', content]);
  };
  const ours = await titled(`nginx: master process /usr/sbin/nginx -p ${folder} -c ${config} -e ${folder}/error.log`);
  const another = await titled('nginx: master process /usr/sbin/nginx -c /etc/nginx/nginx.conf');
  const worker = await titled(`nginx: worker process -c ${config}`);
  const reader = await titled(`less ${config}`);
  for (const [index, child] of [another, worker, reader].entries()) install(`${index}`, `${child.pid}\n`);
  for (const [index, text] of ['', '\n', 'x; kill -HUP 1\n', '-1\n', '99999999\n'].entries()) install(`text ${index}`, text);
  const ended = new Promise((resolve) => ours.once('close', resolve));
  install('new', `${ours.pid}\n`);
  assert.equal(await ended, 42, 'our own nginx reads it');
  assert.deepEqual(
    [another, worker, reader].map(({ exitCode }) => exitCode),
    [null, null, null],
  );
});
