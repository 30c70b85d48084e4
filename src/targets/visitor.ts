import type { Request } from '../core/command.js';
import type { Expectation } from '../core/expectation.js';
import type { Log, Step } from '../core/plan.js';
import type { Release } from '../core/release.js';
import { releaseFiles } from './layout.js';
import type { LocalOptions } from './local/options.js';

/** Django's technical pages: https://docs.djangoproject.com/en/stable/ref/settings/#debug */
const DEBUG_PAGE = "You're seeing this error because you have <code>DEBUG = True</code>|Using the URLconf defined in";
const SECURITY_HEADERS = ['strict-transport-security', 'x-content-type-options', 'x-frame-options', 'referrer-policy'];
/** What a page may answer: anything but that the server has failed. */
export const ANY_BUT_BROKEN = [200, 201, 204, 301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 410, 429];

/** What has to be known of a release of any target. */
type Visitable = Release<Pick<LocalOptions, 'layout' | 'sampleStatic' | 'adminPath'>>;

/** Where a release is visited, and what differs there. */
export interface Visited {
  /** The step's host. */
  readonly host: string;
  /** Over HTTPS, with the certificate that is to be there. */
  readonly to: Request['to'];
  /** What the Host header says there, and over HTTP. */
  readonly name: string;
  readonly plainHost: string;
  readonly httpPort: number;
  /** Host and port that HTTP leads to, as a regular expression. */
  readonly location: string;
  /** True where HSTS is sent. */
  readonly remembered: boolean;
  /** What the edge may say of itself. */
  readonly server: Pick<Expectation, 'headers'>;
  /** The socket of what is live. */
  readonly socket: string;
  /** Logs that tell why. */
  readonly log: readonly Log[];
  /** Who answers: `The new release answers`. */
  readonly told: string;
}

/** The first page, as a browser asks for it. */
export const firstPage = ({ to, name }: Pick<Visited, 'to' | 'name'>): Request => ({
  to,
  path: '/',
  headers: { host: name, accept: 'text/html' },
});

/**
 * Real requests through the edge, after the switch: what a visitor, and what an attacker, would get.
 * @param pageMayFail pages are looked at, and may answer that they have failed
 */
export function visitorSteps({ options, version }: Visitable, visited: Visited, pageMayFail: boolean): Step[] {
  const get = (path: string, headers: Record<string, string> = {}): Request => ({
    to: visited.to,
    path,
    headers: { host: visited.name, ...headers },
  });
  const pageStatus = pageMayFail ? [...ANY_BUT_BROKEN, 500] : ANY_BUT_BROKEN;
  const { log } = visited;
  const code = releaseFiles(options.layout, version).source;
  const step = (id: string, title: string, request: Request, expectation: Expectation): Step => ({
    id: `verify.${id}`,
    title,
    stage: 'verify',
    host: visited.host,
    lane: `verify.${id}`,
    action: { kind: 'expect', request, expectation, log, code },
    failure: {
      code: 'VERIFY_FAILED',
      kind: 'project',
      message: `${visited.told}, but not as it must: ${title}`,
      hint: 'slipway logs web',
    },
  });
  const page = firstPage(visited);
  return [
    step('page', 'a page over HTTPS', page, { status: pageStatus, bodyLacks: DEBUG_PAGE }),
    step('headers', 'each security header once', page, { once: SECURITY_HEADERS }),
    step('nosniff', 'content types are not guessed', page, { headers: { 'x-content-type-options': '^nosniff$' } }),
    ...(visited.remembered
      ? [step('hsts', 'HTTPS is remembered', page, { headers: { 'strict-transport-security': 'max-age=\\d+' } })]
      : []),
    step('server', 'no version is told', page, { without: ['x-powered-by'], ...visited.server }),
    step(
      'redirect',
      'HTTP leads to HTTPS',
      { to: { port: visited.httpPort }, path: '/x?y=1', headers: { host: visited.plainHost } },
      { status: [301, 308], headers: { location: `^https://${visited.location}/x\\?y=1$` } },
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
      { to: { socket: visited.socket }, path: '/-/health/ready' },
      { status: [200], bodyHas: `"release": ?"${version}"` },
    ),
  ];
}
