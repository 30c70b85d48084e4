import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Request } from '../../../src/core/command.js';
import { Failure } from '../../../src/core/failure.js';
import type { Host } from '../../../src/core/host.js';
import { openSsh, type SshConnection } from '../../../src/hosts/ssh/connect.js';
import type { LabHost } from '../lab/hosts/host.js';
import { type Lab, openLab } from '../lab/hosts/lab.js';
import { labMissing } from '../lab/hosts/missing.js';
import { run } from '../lab/hosts/run.js';
import { until } from '../lab/sandbox.js';

/** Answers with what it was asked, on a unix socket and by TLS; `/silent` never answers, `/away` redirects. */
const SERVER = `
import http.server, json, os, socketserver, ssl, sys, threading, time
class Ask(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def address_string(self): return 'x'
    def log_message(self, *a): pass
    def do_GET(self):
        if self.path == '/silent': time.sleep(60)
        body = self.rfile.read(int(self.headers.get('content-length') or 0)).decode()
        text = json.dumps({'method': self.command, 'path': self.path, 'body': body, 'host': self.headers.get('host'),
            'x': self.headers.get('x-one'), 'connection': self.headers.get('connection'), 'sni': getattr(self.request, 'sni', None)})
        data = text.encode() if self.path != '/large' else b'x' * 6000000
        self.send_response(302 if self.path == '/away' else 200)
        self.send_header('X-Twice', 'a'); self.send_header('X-Twice', 'b'); self.send_header('Location', '/elsewhere')
        if self.path == '/chunked':
            self.send_header('Transfer-Encoding', 'chunked'); self.end_headers()
            for part in (b'one ', 'zw\\u00f6lf'.encode()):
                self.wfile.write(b'%x\\r\\n%s\\r\\n' % (len(part), part))
            self.wfile.write(b'0\\r\\n\\r\\n')
            return
        self.send_header('Content-Length', str(len(data))); self.end_headers()
        if self.command != 'HEAD': self.wfile.write(data)
    do_POST = do_PUT = do_DELETE = do_HEAD = do_GET
class Unix(socketserver.ThreadingMixIn, socketserver.UnixStreamServer): daemon_threads = True
class Tcp(socketserver.ThreadingMixIn, socketserver.TCPServer): daemon_threads = True; allow_reuse_address = True
tls = Tcp(('127.0.0.1', 8443), Ask)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); context.load_cert_chain('/srv/cert.pem', '/srv/key.pem')
def seen(one, name, ctx): one.sni = name
context.sni_callback = seen
tls.socket = context.wrap_socket(tls.socket, server_side=True)
for server in (Unix('/run/asked.sock', Ask), Tcp(('127.0.0.1', 8080), Ask), tls):
    threading.Thread(target=server.serve_forever).start()
`;

test('requests on a host', { skip: labMissing() }, async (context) => {
  let lab: Lab;
  let machine: LabHost;
  let connection: SshConnection;
  let host: Host;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sw-request-'));
    lab = await openLab({ hosts: 1 });
    machine = lab.hosts[0] ?? assert.fail();
    connection = await openSsh(`root@${machine.address}`, { sshConfig: lab.sshConfig });
    host = connection.host({ secrets: () => Promise.reject(new Error('none')) });
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const names = 'subjectAltName=DNS:shop.example';
    const made = ['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    await run(...made, '-subj', '/CN=shop.example', '-addext', names, '-keyout', key, '-out', cert);
    await host.write('/srv/key.pem', await readFile(key, 'utf8'), 0o600);
    await host.write('/srv/cert.pem', await readFile(cert, 'utf8'));
    await host.write('/srv/server.py', SERVER);
    await host.exec({ argv: ['systemd-run', '--unit', 'asked', 'python3', '/srv/server.py'] });
    await until('the server listens', async () => (await host.exec({ argv: ['ss', '-tln'] })).stdout.includes(':8443'));
  });
  after(async () => {
    await connection.close();
    await lab.close();
    await rm(folder, { recursive: true, force: true });
  });
  const tls = { port: 8443, tls: { ca: '/srv/cert.pem', name: 'shop.example' } };
  const noAnswer = (request: Request, signal?: AbortSignal) =>
    assert.rejects(
      host.request(request, signal),
      (error) => error instanceof Failure && error.code === 'NO_ANSWER' && error.kind === 'connection',
    );

  await context.test('over a unix socket, a port and TLS', async () => {
    for (const to of [{ socket: '/run/asked.sock' }, { port: 8080 }, tls]) {
      const headers = { host: 'shop.example', 'x-one': 'Grüße'.slice(0, 2) };
      const { status, headers: got, body } = await host.request({ to, path: '/a%20b?c=d', headers });
      const said = JSON.parse(body);
      assert.equal(status, 200);
      assert.deepEqual(got['x-twice'], ['a', 'b']);
      assert.equal(got['content-length'], String(Buffer.byteLength(body)));
      assert.deepEqual(
        [said.method, said.path, said.host, said.x, said.connection],
        ['GET', '/a%20b?c=d', 'shop.example', 'Gr', 'close'],
      );
      assert.equal(said.sni, to === tls ? 'shop.example' : null);
    }
  });

  await context.test('methods, bodies, redirects, large and chunked answers', async () => {
    const to = { socket: '/run/asked.sock' };
    const posted = JSON.parse((await host.request({ to, path: '/', method: 'POST', body: 'a=ä' })).body);
    assert.deepEqual([posted.method, posted.body], ['POST', 'a=ä']);
    assert.equal((await host.request({ to, path: '/away' })).status, 302);
    assert.equal((await host.request({ to, path: '/chunked' })).body, 'one zwölf');
    assert.equal((await host.request({ to, path: '/', method: 'HEAD' })).body, '');
    const { length } = (await host.request({ to, path: '/large' })).body;
    assert.ok(length > 4_000_000 && length <= 4 * 1024 * 1024, String(length));
  });

  await context.test('no answer, a wrong name, a wrong authority, too slow, stopped', async () => {
    await noAnswer({ to: { socket: '/run/none.sock' }, path: '/' });
    await noAnswer({ to: { port: 9 }, path: '/' });
    await noAnswer({ to: { port: 8443, tls: { ca: '/srv/cert.pem', name: 'other.example' } }, path: '/' });
    await noAnswer({ to: { port: 8443, tls: { ca: '/etc/ssl/certs/ca-certificates.crt', name: 'shop.example' } }, path: '/' });
    await noAnswer({ to: { port: 8443, tls: { ca: '/srv/absent.pem', name: 'shop.example' } }, path: '/' });
    await noAnswer({ to: { port: 8443 }, path: '/' });
    await noAnswer({ to: { port: 8080 }, path: '/silent', timeoutSeconds: 0.5 });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 300);
    const since = Date.now();
    await assert.rejects(host.request({ to: { port: 8080 }, path: '/silent' }, stop.signal), { name: 'AbortError' });
    assert.ok(Date.now() - since < 5000);
  });

  await context.test('the facts of a host in one question', async () => {
    await machine.sh(`printf 'Package: half\\nStatus: install ok half-configured\\n\\n' >> /var/lib/dpkg/status
      mkdir -p /run/lock-test; cat > /srv/lock.py <<'END'
import fcntl, time
with open('/var/lib/dpkg/lock-frontend', 'wb') as file:
    fcntl.lockf(file, fcntl.LOCK_EX)
    time.sleep(600)
END
      systemd-run --unit held python3 /srv/lock.py
      mkdir -p /var/lib/apt/lists
      printf 'Origin: Debian\\nValid-Until: Sat, 01 Jan 2022 00:00:00 UTC\\nSHA256:\\n' > /var/lib/apt/lists/old_InRelease
      printf 'Origin: Debian\\nValid-Until: Sat, 01 Jan 2089 00:00:00 UTC\\nSHA256:\\n' > /var/lib/apt/lists/new_InRelease`);
    await until('the lock is held', async () => ((await connection.facts()).packages?.locks.length ?? 0) > 0);
    const facts = await connection.facts([22, 8443, 80]);
    assert.deepEqual([facts.system.id, facts.system.version, facts.system.codename], ['debian', '13', 'trixie']);
    assert.equal(facts.systemd, 257);
    assert.match(facts.python, /^3\.13\./);
    assert.ok(['x64', 'arm64'].includes(facts.architecture));
    assert.ok(facts.cores >= 1 && facts.memory.total > 100_000_000 && facts.memory.available > 0);
    assert.ok(Math.abs(facts.clockAhead) < 3, String(facts.clockAhead));
    const clock = await machine.exec(['systemctl', 'cat', 'systemd-timesyncd.service']);
    assert.equal(facts.keepsTime, clock.code === 0);
    assert.equal(facts.bootId, (await machine.sh('cat /proc/sys/kernel/random/boot_id')).trim());
    const listening = facts.listeners.map(({ port, program, unit }) => `${port} ${program} ${unit}`);
    assert.ok(
      listening.some((line) => /^22 (sshd|systemd) ssh\.(service|socket)$/.test(line)),
      listening.join(),
    );
    assert.ok(listening.includes('8443 python3 asked.service'), listening.join());
    assert.ok(!listening.some((line) => line.startsWith('80 ')));
    assert.ok(facts.disks.some(({ path, free, readOnly }) => path === '/srv' && free > 1_000_000 && !readOnly));
    assert.deepEqual(facts.packages?.unfinished, ['half half-configured']);
    assert.deepEqual(
      facts.packages?.locks.map(({ path, program }) => [path, program]),
      [['/var/lib/dpkg/lock-frontend', 'python3']],
    );
    assert.deepEqual(facts.packages?.expired, ['old_InRelease']);
  });
});
