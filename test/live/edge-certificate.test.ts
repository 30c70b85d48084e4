import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createAuthority, issueCertificate, type KeyPair } from '../../src/ops/certificate.js';

const NAMES = ['localhost', '*.shop.test', '127.0.0.1', '::1'];

/** The newest CPython there is that has VERIFY_X509_STRICT on by default. */
const python = ['3.14', '3.13'].flatMap((version) => {
  const pyenv = join(homedir(), '.pyenv/versions');
  const found = existsSync(pyenv) ? readdirSync(pyenv).filter((one) => one.startsWith(version)) : [];
  return [...found.map((one) => join(pyenv, one, 'bin/python3')), `/usr/bin/python${version}`].filter((path) => existsSync(path));
})[0];
const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

describe('certificates, as others judge them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-ca-'));
  const at = (name: string) => join(folder, name);
  let authority: KeyPair;
  let leaf: KeyPair;
  let port = 0;
  const server = createServer({}, (_, response) => response.end('<title>hello</title>'));

  before(async () => {
    const now = new Date();
    authority = await createAuthority(now);
    leaf = await issueCertificate(authority, NAMES, now);
    const stolen = await issueCertificate(authority, ['bank.com'], now);
    for (const [name, text] of Object.entries({
      'ca.pem': authority.certificate,
      'leaf.pem': leaf.certificate,
      'bank.pem': stolen.certificate,
    })) {
      writeFileSync(at(name), text);
    }
    server.setSecureContext({ cert: leaf.certificate, key: leaf.key });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    port = typeof address === 'object' && address ? address.port : 0;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('OpenSSL, strictly; and it refuses a name outside the constraints', { skip: !has('openssl') }, () => {
    const verify = (name: string) =>
      spawnSync('openssl', ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', at('ca.pem'), at(name)]);
    assert.equal(verify('leaf.pem').status, 0, verify('leaf.pem').stderr.toString());
    assert.match(verify('bank.pem').stderr.toString(), /permitted subtree violation/);
    for (const name of ['localhost', 'a.shop.test']) {
      assert.match(
        execFileSync('openssl', ['x509', '-noout', '-in', at('leaf.pem'), '-checkhost', name]).toString(),
        /does match/,
      );
    }
    assert.match(execFileSync('openssl', ['x509', '-noout', '-in', at('leaf.pem'), '-checkip', '::1']).toString(), /does match/);
  });

  test('Python 3.13 with VERIFY_X509_STRICT', { skip: python === undefined }, async () => {
    const program = `
import socket, ssl, sys
context = ssl.create_default_context(cafile=sys.argv[1])
assert context.verify_flags & ssl.VERIFY_X509_STRICT
for name in ("localhost", "127.0.0.1", "x.shop.test"):
    with context.wrap_socket(socket.create_connection(("127.0.0.1", int(sys.argv[2]))), server_hostname=name) as s:
        print(s.version())
`;
    const { spawn } = await import('node:child_process');
    const child = spawn(python ?? '', ['-c', program, at('ca.pem'), String(port)]);
    let said = '';
    child.stdout.on('data', (part) => {
      said += part;
    });
    child.stderr.on('data', (part) => {
      said += part;
    });
    const code = await new Promise((done) => child.once('exit', done));
    assert.equal(code, 0, said);
    assert.equal(said.match(/TLSv1\.3/g)?.length, 3);
  });

  test('Chromium, with the authority in its own store as `slipway trust` puts it there', {
    skip: !has('chromium') || !has('certutil'),
  }, async () => {
    const home = at('home');
    const store = join(home, '.pki/nssdb');
    mkdirSync(store, { recursive: true });
    execFileSync('certutil', ['-d', `sql:${store}`, '-N', '--empty-password']);
    const visit = async () => {
      const { chromium } = await import('playwright-core');
      const browser = await chromium.launch({
        executablePath: '/usr/bin/chromium',
        args: ['--no-sandbox'],
        env: { ...process.env, HOME: home },
      });
      try {
        const page = await browser.newPage();
        await page.goto(`https://localhost:${port}/`);
        return await page.title();
      } finally {
        await browser.close();
      }
    };
    await assert.rejects(visit(), /ERR_CERT_AUTHORITY_INVALID/);
    execFileSync('certutil', ['-d', `sql:${store}`, '-A', '-t', 'C,,', '-n', 'Slipway local authority', '-i', at('ca.pem')]);
    assert.equal(await visit(), 'hello');
  });
});
