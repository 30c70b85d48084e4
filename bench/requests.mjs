import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { run } from './command.mjs';
import { handWritten } from './nginx.mjs';
import { median, ratio } from './table.mjs';

const ROUNDS = 5;
const SECONDS = 3;

/** Requests a second through the edge and through an nginx written by hand before the same Gunicorn, in turns; then a static file. */
export async function* requests(ground) {
  if (!existsSync('/usr/bin/wrk') || !existsSync('/usr/sbin/nginx')) {
    yield { what: 'requests a second', measured: 'not measured', wanted: 'apt-get install -y wrk nginx', ok: false };
    return;
  }
  const project = ground.copy('requests');
  const { url, release } = await ground.up(project);
  const state = realpathSync(
    join(
      ground.home,
      'apps',
      readdirSync(join(ground.home, 'apps')).find((name) => name.startsWith('requests-')),
      'local',
    ),
  );
  const edge = readFileSync(join(state, 'edge/nginx.conf'), 'utf8');
  const socket = /server "unix:([^"]+)"/.exec(edge)[1];
  const port = await freePort();
  const stop = await handWritten(join(ground.folder, 'nginx'), {
    port,
    certificate: join(state, 'edge/certificate.pem'),
    key: join(state, 'edge/certificate-key.pem'),
    app: realpathSync(socket),
    files: join(state, 'releases', release, 'static/plain/static'),
  });
  try {
    const sheet = /href="(\/static\/[^"]+\.css)"/.exec(await run(['curl', '-sk', url]))[1];
    for (const [what, path] of [
      ['requests a second, a page', '/'],
      ['requests a second, a static file', sheet],
    ]) {
      const [ours, byHand] = [[], []];
      for (let round = 0; round < ROUNDS; round++) {
        ours.push(await rate(new URL(path, url)));
        byHand.push(await rate(new URL(path, `https://localhost:${port}`)));
      }
      const [measured, floor] = [median(ours), median(byHand)];
      yield {
        what,
        measured: measured.toFixed(0),
        floor: `${floor.toFixed(0)} (by hand)`,
        ratio: ratio(measured / floor),
        wanted: '≥ 0.9',
        ok: measured >= floor * 0.9,
      };
    }
  } finally {
    await stop();
    await ground.down(project);
  }
}

/** @throws Error when an answer was none, or not good */
async function rate(url) {
  const text = await run(['wrk', '-t1', '-c16', `-d${SECONDS}s`, url.href]);
  if (/Non-2xx|Socket errors/.test(text)) throw new Error(`${url}: ${text}`);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(text)[1]);
}

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
