import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { run } from './command.mjs';
import { handWritten } from './nginx.mjs';
import { median, ratio } from './table.mjs';

const ROUNDS = 8;
const SECONDS = 2;

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
    for (const [what, path, ...headers] of [
      ['requests a second, a page', '/'],
      ['requests a second, a static file', sheet],
      ['requests a second, a static file, compressed', sheet, 'Accept-Encoding: gzip, deflate, br'],
    ]) {
      const [ours, byHand] = [[], []];
      const turns = [
        async () => ours.push(await rate(new URL(path, url), headers)),
        async () => byHand.push(await rate(new URL(path, `https://localhost:${port}`), headers)),
      ];
      for (const turn of turns) await turn();
      ours.length = byHand.length = 0;
      // Each goes first as often as the other: what else the machine does meanwhile favours neither.
      for (let round = 0; round < ROUNDS; round++) for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn();
      const measured = median(ours.map((value, round) => value / byHand[round]));
      yield {
        what,
        measured: median(ours).toFixed(0),
        floor: `${median(byHand).toFixed(0)} (by hand)`,
        ratio: ratio(measured),
        wanted: '≥ 0.9',
        ok: measured >= 0.9,
      };
    }
  } finally {
    await stop();
    await ground.down(project);
  }
}

/** @throws Error when an answer was none, or not good */
async function rate(url, headers) {
  const text = await run(['wrk', '-t1', '-c16', `-d${SECONDS}s`, ...headers.flatMap((header) => ['-H', header]), url.href]);
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
