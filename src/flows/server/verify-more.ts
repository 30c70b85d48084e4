import { randomBytes, X509Certificate } from 'node:crypto';
import type { Request } from '../../core/command.js';
import { Failure } from '../../core/failure.js';
import { INSIDE_HEADER, INSIDE_PATH, insideChecks, insideFile } from '../../targets/server/inside.js';
import { stateFiles } from '../../targets/server/layout.js';
import type { ServerRelease } from '../../targets/server/options.js';
import { pageRequest } from '../../targets/server/verify.js';
import type { VerifyCheck } from '../results.js';
import type { ServerApp } from './app.js';
import { installedCertificate, LEAST_DAYS, lifeOf } from './certificate-life.js';

const MOST_REDIRECTS = 10;

interface Looked {
  readonly app: ServerApp;
  readonly release: ServerRelease;
}

/** What a visitor of a server gets that takes more than one question: each by itself. Leaves nothing behind. */
export async function verifyMore(app: ServerApp, release: ServerRelease): Promise<VerifyCheck[]> {
  const looked = await Promise.all(
    LOOKS.map(async ([name, look]) => {
      try {
        return await look({ app, release });
      } catch (error) {
        return [good(name, Failure.from(error).message)];
      }
    }),
  );
  return looked.flat();
}

const good = (name: string, problem?: string): VerifyCheck =>
  problem === undefined ? { name, ok: true } : { name, ok: false, problem };

const domainOf = ({ domains }: ServerRelease): string => domains[0] ?? 'localhost';

function through(release: ServerRelease, path: string, more: Partial<Request> = {}): Request {
  const { to, headers } = pageRequest(release);
  return { ...more, to, path, headers: { ...headers, ...more.headers } };
}

/** For the time of some work, who knows the word is told what Django makes of a request. */
async function withWord<T>({ app, release }: Looked, work: (word: string) => Promise<T>): Promise<T> {
  const word = randomBytes(24).toString('hex');
  const file = insideFile(release);
  // In a folder that only the app and the edge may enter.
  await app.system.write(file, word, 0o644);
  try {
    return await work(word);
  } finally {
    await app.system.remove(file);
  }
}

const FORGED = {
  'x-forwarded-for': '192.0.2.66',
  'x-real-ip': '192.0.2.66',
  'x-forwarded-host': 'attacker.example',
  'x-forwarded-proto': 'http',
  forwarded: 'for=192.0.2.66;host=attacker.example;proto=http',
};

async function insideWith({ app, release }: Looked, word: string): Promise<VerifyCheck[]> {
  const domain = domainOf(release);
  const asked = through(release, INSIDE_PATH, {
    method: 'POST',
    body: '',
    headers: { ...FORGED, origin: `https://${domain}`, referer: `https://${domain}/`, [INSIDE_HEADER]: word },
  });
  const { status, body } = await app.system.request(asked);
  if (status !== 200) return [good('Django: what it makes of a request', `${INSIDE_PATH} answered ${status}`)];
  return insideChecks(JSON.parse(body), { domain, client: '127.0.0.1' }).map(({ name, problem }) => good(name, problem));
}

async function webSocketWith({ app, release }: Looked, word: string): Promise<VerifyCheck> {
  const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
  const key = randomBytes(16).toString('base64');
  const headers = { ...upgrade, 'sec-websocket-key': key, origin: `https://${domainOf(release)}`, [INSIDE_HEADER]: word };
  const { status } = await app.system.request(through(release, INSIDE_PATH, { headers }));
  return good('a websocket is opened', status === 101 ? undefined : `the answer was ${status} instead of 101`);
}

const fromInside = (looked: Looked): Promise<VerifyCheck[]> =>
  withWord(looked, async (word) => [
    ...(await insideWith(looked, word)),
    ...(looked.release.options.webSockets ? [await webSocketWith(looked, word)] : []),
  ]);

async function noLoop({ app, release }: Looked): Promise<VerifyCheck[]> {
  const name = 'no redirect leads in a circle';
  const own = `https://${domainOf(release)}`;
  const seen = new Set<string>();
  let url = new URL('/', own);
  for (let times = 0; times <= MOST_REDIRECTS; times++) {
    const path = `${url.pathname}${url.search}`;
    if (seen.has(path)) return [good(name, `${path} leads to itself`)];
    seen.add(path);
    const { status, headers } = await app.system.request(through(release, path));
    const to = headers['location'];
    if (status < 300 || status >= 400 || typeof to !== 'string') return [good(name)];
    url = new URL(to, url);
    // To a log-in elsewhere, say: that site is another's.
    if (url.origin !== own) return [good(name, url.hostname === domainOf(release) ? `${path} leads to ${url.href}` : undefined)];
  }
  return [good(name, `${MOST_REDIRECTS} redirects, and no page`)];
}

/** A file that is there for as long as it is asked for. */
async function media({ app, release }: Looked): Promise<VerifyCheck[]> {
  const url = release.files.media;
  if (!/^\/[^/]/.test(url)) return [];
  const file = `slipway-verify-${randomBytes(8).toString('hex')}.txt`;
  const path = `${stateFiles(release.options.layout).media}/${file}`;
  // Made by the app's user, as an upload is.
  await app.runner.write(path, file, 0o640);
  try {
    const { status, body } = await app.system.request(through(release, `${url.replace(/\/$/, '')}/${file}`));
    return [good('an uploaded file', status === 200 && body === file ? undefined : `${url}… answered ${status}`)];
  } finally {
    await app.runner.remove(path);
  }
}

async function tooLarge({ app, release }: Looked): Promise<VerifyCheck[]> {
  // Only announced: a server that would take it waits for it.
  const headers = { 'content-length': String(release.web.maxBody + 1), 'content-type': 'application/octet-stream' };
  const asked = through(release, '/', { method: 'POST', headers, timeoutSeconds: 5 });
  const { status } = await app.system.request(asked);
  return [good('a request that is too large is refused', status === 413 ? undefined : `the answer was ${status} instead of 413`)];
}

async function certificate({ app, release }: Looked): Promise<VerifyCheck[]> {
  const installed = await installedCertificate(app, release);
  if (installed === undefined) return [good('the certificate', 'there is none')];
  const argv = ['openssl', 's_client', '-connect', '127.0.0.1:443', '-servername', domainOf(release)];
  const { stdout } = await app.system.exec({ argv, timeoutSeconds: 20 });
  const served = stdout.includes('BEGIN CERTIFICATE')
    ? new X509Certificate(stdout.slice(stdout.indexOf('-----BEGIN')))
    : undefined;
  const { days } = lifeOf(installed, new Date());
  const foreign = release.domains.filter((domain) => installed.checkHost(domain) === undefined);
  return [
    good(
      'the certificate is the one that was installed',
      served?.raw.equals(installed.raw) ? undefined : 'another one is served',
    ),
    good('the certificate names every domain', foreign.length === 0 ? undefined : `it does not name ${foreign.join(', ')}`),
    days < 0
      ? good('the certificate is good', 'it has expired')
      : good(
          `the certificate is good for ${days} more days`,
          days >= LEAST_DAYS ? undefined : 'it should have been renewed by now',
        ),
  ];
}

const LOOKS: readonly (readonly [string, (looked: Looked) => Promise<VerifyCheck[]>])[] = [
  ['what Django makes of a request', fromInside],
  ['no redirect leads in a circle', noLoop],
  ['an uploaded file', media],
  ['a request that is too large is refused', tooLarge],
  ['the certificate', certificate],
];
