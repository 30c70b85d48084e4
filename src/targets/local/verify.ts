import type { Request } from '../../core/command.js';
import type { Expectation } from '../../core/expectation.js';
import type { Step } from '../../core/plan.js';
import type { Release } from '../../core/release.js';
import { authorityCertificate, releaseFiles, stateFiles } from './layout.js';
import type { LocalOptions } from './options.js';

/** Django's technical pages: https://docs.djangoproject.com/en/stable/ref/settings/#debug */
const DEBUG_PAGE = "You're seeing this error because you have <code>DEBUG = True</code>|Using the URLconf defined in";
const SECURITY_HEADERS = ['strict-transport-security', 'x-content-type-options', 'x-frame-options', 'referrer-policy'];
/** What a page may answer: anything but that the server has failed. */
export const ANY_BUT_BROKEN = [200, 201, 204, 301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 410, 429];

/**
 * Real requests through the edge, after the switch: what a visitor, and what an attacker, would get.
 * @param pageMayFail pages are looked at, and may answer that they have failed
 */
export function verifySteps(release: Release<LocalOptions>, pageMayFail: boolean): Step[] {
  const { options } = release;
  const name = release.domains[0] ?? 'localhost';
  const secure = { port: options.httpsPort, tls: { ca: authorityCertificate(options.layout.home), name } };
  const host = `${name}:${options.httpsPort}`;
  const get = (path: string, headers: Record<string, string> = {}): Request => ({
    to: secure,
    path,
    headers: { host, ...headers },
  });
  const pageStatus = pageMayFail ? [...ANY_BUT_BROKEN, 500] : ANY_BUT_BROKEN;
  const log = [`${stateFiles(options.layout).logs}/web.log`];
  const code = releaseFiles(options.layout, release.version).source;
  const step = (id: string, title: string, request: Request, expectation: Expectation): Step => ({
    id: `verify.${id}`,
    title,
    stage: 'verify',
    host: 'local',
    lane: `verify.${id}`,
    action: { kind: 'expect', request, expectation, log, code },
    failure: {
      code: 'VERIFY_FAILED',
      kind: 'project',
      message: `The new release answers, but not as it must: ${title}`,
      hint: 'slipway logs web',
    },
  });
  const page = pageRequest(release);
  return [
    step('page', 'a page over HTTPS', page, { status: pageStatus, bodyLacks: DEBUG_PAGE }),
    step('headers', 'each security header once', page, { once: SECURITY_HEADERS }),
    step('nosniff', 'content types are not guessed', page, { headers: { 'x-content-type-options': '^nosniff$' } }),
    step('hsts', 'HTTPS is remembered', page, { headers: { 'strict-transport-security': 'max-age=\\d+' } }),
    step('server', 'no version is told', page, { without: ['x-powered-by'] }),
    step(
      'redirect',
      'HTTP leads to HTTPS',
      { to: { port: options.httpPort }, path: '/x?y=1', headers: { host: `${name}:${options.httpPort}` } },
      {
        status: [301, 308],
        headers: { location: `^https://${name.replaceAll('.', '\\.')}(:${options.httpsPort})?/x\\?y=1$` },
      },
    ),
    step(
      'foreign-host',
      'a foreign host name is refused',
      { to: secure, path: '/', headers: { host: 'attacker.example' } },
      { status: [400, 404, 421] },
    ),
    // What breaks every page (data that is still to be loaded) breaks this one.
    step('unknown', 'an unknown path shows no debug page', get('/slipway-verify-no-such-page/'), {
      status: pageStatus,
      bodyLacks: DEBUG_PAGE,
    }),
    step('health', 'health is not public', get('/-/health/ready'), { status: [404] }),
    step('dotfiles', 'dot files are not served', get('/.env'), { status: [301, 302, 400, 403, 404, 410], bodyLacks: 'SECRET' }),
    step(
      'forged',
      'forged proxy headers change nothing',
      get('/', { 'x-forwarded-host': 'attacker.example', 'x-forwarded-proto': 'http' }),
      {
        status: pageStatus,
        bodyLacks: 'attacker\\.example',
      },
    ),
    ...(options.sampleStatic === null
      ? []
      : [
          step('static', 'a static file, cacheable', get(options.sampleStatic), {
            status: [200],
            headers: { 'cache-control': 'max-age=\\d+' },
          }),
        ]),
    ...(options.adminPath === null
      ? []
      : [
          step('admin', 'the admin asks for a log-in', get(options.adminPath), {
            status: [200, 301, 302, 403, 404],
            bodyLacks: DEBUG_PAGE,
          }),
        ]),
    step(
      'release',
      'the new release is the one that answers',
      {
        to: { socket: `${options.layout.run}/live/web.sock` },
        path: '/-/health/ready',
      },
      { status: [200], bodyHas: `"release": ?"${release.version}"` },
    ),
  ];
}

/** The first page, as a browser asks for it. */
export function pageRequest({ domains, options }: Release<LocalOptions>): Request {
  const name = domains[0] ?? 'localhost';
  return {
    to: { port: options.httpsPort, tls: { ca: authorityCertificate(options.layout.home), name } },
    path: '/',
    headers: { host: `${name}:${options.httpsPort}`, accept: 'text/html' },
  };
}
