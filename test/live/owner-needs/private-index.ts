import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface PrivateIndex {
  /** `http://127.0.0.1:…/simple/` */
  readonly url: string;
  end(): Promise<void>;
}

const WHEEL = 'acme_greetings-1.0-py3-none-any.whl';

/** A package index that has one small package, and gives it to one user. https://packaging.python.org/en/latest/specifications/simple-repository-api/ */
export async function privateIndex(login: { readonly username: string; readonly password: string }): Promise<PrivateIndex> {
  const wheel = makeWheel();
  const expected = `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`;
  const server = createServer((request, response) => {
    if (request.headers.authorization !== expected) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="packages"' }).end();
    } else if (request.url === '/simple/acme-greetings/') {
      response.setHeader('content-type', 'text/html').end(`<!DOCTYPE html><a href="/files/${WHEEL}">${WHEEL}</a>`);
    } else if (request.url === `/files/${WHEEL}`) response.end(wheel);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}/simple/`,
    end: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function makeWheel(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-wheel-'));
  try {
    const info = join(folder, 'acme_greetings-1.0.dist-info');
    mkdirSync(info);
    writeFileSync(join(folder, 'acme_greetings.py'), 'def greet(name):\n    return "Hello, %s" % name\n');
    writeFileSync(join(info, 'METADATA'), 'Metadata-Version: 2.1\nName: acme-greetings\nVersion: 1.0\n');
    writeFileSync(join(info, 'WHEEL'), 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n');
    const names = ['acme_greetings.py', 'METADATA', 'WHEEL', 'RECORD'].map((name) =>
      name.endsWith('.py') ? name : `acme_greetings-1.0.dist-info/${name}`,
    );
    writeFileSync(join(info, 'RECORD'), names.map((name) => `${name},,\n`).join(''));
    execFileSync('python3', ['-m', 'zipfile', '-c', WHEEL, ...['acme_greetings.py', 'acme_greetings-1.0.dist-info/']], {
      cwd: folder,
    });
    return readFileSync(join(folder, WHEEL));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
