import type { Request } from '../../core/command.js';
import type { Expectation } from '../../core/expectation.js';
import type { Step } from '../../core/plan.js';
import { unitLog } from '../../ops/systemctl.js';
import { releaseFiles, stateFiles } from './layout.js';
import type { ServerHost, ServerRelease } from './options.js';
import { serviceName } from './units.js';

/** Django's technical pages: https://docs.djangoproject.com/en/stable/ref/settings/#debug */
const DEBUG_PAGE = "You're seeing this error because you have <code>DEBUG = True</code>|Using the URLconf defined in";
const SECURITY_HEADERS = ['strict-transport-security', 'x-content-type-options', 'x-frame-options', 'referrer-policy'];
/** What a page may answer: anything but that the server has failed. */
export const ANY_BUT_BROKEN = [200, 201, 204, 301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 410, 429];

/** Over HTTPS on the host itself. The certificate is trusted because it is the one that is installed there. */
const secure = ({ options, domains }: ServerRelease): Request['to'] => ({
  port: 443,
  tls: { ca: stateFiles(options.layout).certificate, name: domains[0] ?? 'localhost' },
});

/** The first page, as a browser asks for it. */
export const pageRequest = (release: ServerRelease): Request => ({
  to: secure(release),
  path: '/',
  headers: { host: release.domains[0] ?? 'localhost', accept: 'text/html' },
});

/**
 * Real requests through the edge of a host, after the switch: what a visitor, and what an attacker, would get.
 * @param pageMayFail pages are looked at, and may answer that they have failed
 */
export function verifySteps(release: ServerRelease, host: ServerHost, pageMayFail: boolean): Step[] {
  if (!host.roles.includes('web')) return [];
  const { options, version } = release;
  const name = release.domains[0] ?? 'localhost';
  const get = (path: string, headers: Record<string, string> = {}): Request => ({
    to: secure(release),
    path,
    headers: { host: name, ...headers },
  });
  const pageStatus = pageMayFail ? [...ANY_BUT_BROKEN, 500] : ANY_BUT_BROKEN;
  const log = [unitLog(serviceName(options, 'web', version))];
  const code = releaseFiles(options.layout, version).source;
  const step = (id: string, title: string, request: Request, expectation: Expectation): Step => ({
    id: `verify.${id}`,
    title,
    stage: 'verify',
    host: host.name,
    lane: `verify.${id}`,
    action: { kind: 'expect', request, expectation, log, code },
    failure: {
      code: 'VERIFY_FAILED',
      kind: 'project',
      message: `The new release answers on ${host.name}, but not as it must: ${title}`,
      hint: 'slipway logs web',
    },
  });
  const page = pageRequest(release);
  const escaped = name.replaceAll('.', '\\.');
  return [
    step('page', 'a page over HTTPS', page, { status: pageStatus, bodyLacks: DEBUG_PAGE }),
    step('headers', 'each security header once', page, { once: SECURITY_HEADERS }),
    step('nosniff', 'content types are not guessed', page, { headers: { 'x-content-type-options': '^nosniff$' } }),
    ...(options.hstsSeconds > 0
      ? [step('hsts', 'HTTPS is remembered', page, { headers: { 'strict-transport-security': 'max-age=\\d+' } })]
      : []),
    step('server', 'no version is told', page, { without: ['x-powered-by'], headers: { server: '^[^0-9]*$' } }),
    step(
      'redirect',
      'HTTP leads to HTTPS',
      { to: { port: 80 }, path: '/x?y=1', headers: { host: name } },
      { status: [301, 308], headers: { location: `^https://${escaped}/x\\?y=1$` } },
    ),
    step(
      'foreign-host',
      'a foreign host name is refused',
      { ...get('/'), headers: { host: 'attacker.example' } },
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
      { status: pageStatus, bodyLacks: 'attacker\\.example' },
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
      { to: { socket: `${stateFiles(options.layout).live}/web.sock` }, path: '/-/health/ready' },
      { status: [200], bodyHas: `"release": ?"${version}"` },
    ),
  ];
}
