import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { attribute, formFields, type Page, Visitor } from './browserless.js';
import { slipway } from './slipway.js';

/** What `up --json` or `deploy --json` said, as far as the checks need it. */
export interface LiveApp {
  readonly directory: string;
  readonly home: string;
  readonly url: string;
  readonly ca: string;
  readonly httpPort: number;
  /** Where every name leads; absent: what a resolver says. */
  readonly address?: string;
  /** `local` unless said. */
  readonly environment?: string;
}

const visitorOf = ({ ca, address }: LiveApp): Visitor => new Visitor(ca, address);

export interface Wanted {
  /** A page that needs no log-in, and a pattern of the text it should have. */
  readonly page: string;
  readonly text: RegExp;
  /** Path of the admin's log-in; null where the project has none. */
  readonly admin: string | null;
  /** How the project runs a command of Django's, where it has no manage.py. */
  readonly manage?: readonly string[];
  /** Paths of files that its pages name and its repository does not have. */
  readonly lacking?: RegExp;
}

export interface CheckOutcome {
  readonly name: string;
  /** undefined when it holds. */
  readonly problem?: string;
}

const DEBUG_PAGE = /You're seeing this error because you have <code>DEBUG = True<\/code>|Using the URLconf defined in/;

/** The checks that make an app count as live, in order; each is tried, whatever the others said. */
export async function checkLive(app: LiveApp, wanted: Wanted): Promise<CheckOutcome[]> {
  const checks: [string, () => Promise<string | undefined>][] = [
    ['page', () => publicPage(app, wanted)],
    ['assets', () => assets(app, wanted)],
    ['redirect', () => redirect(app)],
    ['foreign host', () => foreignHost(app)],
    ['unknown path', () => unknownPath(app)],
  ];
  if (wanted.admin !== null) checks.push(['admin', () => admin(app, wanted.admin ?? '', wanted.manage)]);
  const outcomes: CheckOutcome[] = [];
  for (const [name, check] of checks) {
    const problem = await check().catch((error: unknown) => String(error));
    outcomes.push(problem === undefined ? { name } : { name, problem });
  }
  return outcomes;
}

async function publicPage(app: LiveApp, { page, text }: Wanted): Promise<string | undefined> {
  const answer = await visitorOf(app).visit(new URL(page, app.url).href);
  if (answer.status !== 200) return `${answer.url} answered ${answer.status}`;
  if (DEBUG_PAGE.test(answer.text)) return `${answer.url} is a debug page`;
  return text.test(answer.text) ? undefined : `${answer.url} lacks ${text}: ${answer.text.slice(0, 200)}`;
}

/** CSS, scripts and images of the same origin, all there; hashed names cached for long. */
async function assets(app: LiveApp, { page, lacking }: Wanted): Promise<string | undefined> {
  const visitor = visitorOf(app);
  const answer = await visitor.visit(new URL(page, app.url).href);
  const urls = assetUrls(answer).filter((url) => url.origin === new URL(app.url).origin);
  const problems: string[] = [];
  for (const url of urls) {
    const asset = await visitor.ask(url.href);
    if (asset.status !== 200 && lacking?.test(url.pathname) !== true) problems.push(`${url.pathname} answered ${asset.status}`);
    const hashed = /\.[0-9a-f]{12}\.\w+$/.test(url.pathname);
    if (hashed && !/immutable|max-age=31536000/.test(asset.headers['cache-control'] ?? ''))
      problems.push(`${url.pathname} is hashed but not cached`);
  }
  return problems.length === 0 ? undefined : problems.slice(0, 5).join('; ');
}

export function assetUrls(page: Page): URL[] {
  const tags = [...page.text.matchAll(/<(?:link|script|img)\b[^>]*>/gi)].map(([tag]) => tag);
  const links = tags.flatMap((tag) => {
    if (/^<link/i.test(tag) && !/rel=["']?(stylesheet|icon|shortcut icon)/i.test(tag)) return [];
    return attribute(tag, /^<link/i.test(tag) ? 'href' : 'src') ?? [];
  });
  return links.filter((link) => !link.startsWith('data:')).map((link) => new URL(link, page.url));
}

async function redirect(app: LiveApp): Promise<string | undefined> {
  const { hostname } = new URL(app.url);
  const answer = await new Visitor(undefined, app.address).ask(`http://${hostname}:${app.httpPort}/some/path?x=1`);
  if (![301, 308].includes(answer.status)) return `http answered ${answer.status}`;
  const location = answer.headers.location ?? '';
  return location === new URL('/some/path?x=1', app.url).href ? undefined : `http leads to ${location}`;
}

async function foreignHost(app: LiveApp): Promise<string | undefined> {
  const { status } = await visitorOf(app).ask(app.url, { headers: { host: 'attacker.example' } });
  return [400, 404, 421].includes(status) ? undefined : `Host: attacker.example answered ${status}`;
}

async function unknownPath(app: LiveApp): Promise<string | undefined> {
  const answer = await visitorOf(app).visit(new URL('/no-such-path-here-42/', app.url).href);
  if (answer.status >= 500) return `an unknown path answered ${answer.status}`;
  return DEBUG_PAGE.test(answer.text) ? 'an unknown path shows a debug page' : undefined;
}

/** Makes a superuser whatever fields the project's user model asks for. */
const MAKE_SUPERUSER = `
import sys
from django.contrib.auth import get_user_model
User = get_user_model()
name, password = sys.stdin.read().split()
values = {User.USERNAME_FIELD: name if 'mail' not in User.USERNAME_FIELD else name + '@example.org'}
for field in User.REQUIRED_FIELDS:
    kind = User._meta.get_field(field).get_internal_type()
    values[field] = name + '@example.org' if 'mail' in field else ('2000-01-01' if 'Date' in kind else (1 if 'Integer' in kind else name))
lookup = {User.USERNAME_FIELD: values[User.USERNAME_FIELD]}
if not User._default_manager.filter(**lookup).exists():
    User._default_manager.create_superuser(password=password, **values)
print('@@' + values[User.USERNAME_FIELD])
`;

async function admin(
  app: LiveApp,
  path: string,
  manage = ['python', 'manage.py'] as readonly string[],
): Promise<string | undefined> {
  const password = 'c0rrect-horse-battery';
  const where = ['-C', app.directory, '-e', app.environment ?? 'local'];
  const made = await slipway(['exec', ...where, '--', ...manage, 'shell', '-c', MAKE_SUPERUSER], {
    home: app.home,
    stdin: `ada ${password}`,
  });
  const name = /^@@(.+)$/m.exec(made.stdout)?.[1]?.trim();
  if (made.code !== 0 || name === undefined) return `no superuser: ${(made.stderr || made.stdout).slice(-500)}`;
  const visitor = visitorOf(app);
  const login = await visitor.visit(new URL(path, app.url).href);
  if (login.status !== 200) return `${login.url} answered ${login.status}`;
  const fields = formFields(login.text, 'password');
  const who =
    Object.keys(fields).find((field) => /mail/.test(field)) ??
    Object.keys(fields).find((field) => /user|login/.test(field)) ??
    'username';
  const form = { ...fields, [who]: /mail/.test(who) && !name.includes('@') ? `${name}@example.org` : name, password };
  const answer = await visitor.ask(login.url, { form });
  if (![302, 303].includes(answer.status)) return `the log-in answered ${answer.status}: ${errorText(answer.text)}`;
  const home = await visitor.visit(new URL(answer.headers.location ?? path, login.url).href);
  if (home.status !== 200) return `after the log-in ${home.url} answered ${home.status}`;
  const session = visitor.setCookies.findLast((line) => /session/i.test(line.split('=')[0] ?? ''));
  if (session === undefined) return 'no session cookie';
  if (!/;\s*secure/i.test(session)) return 'the session cookie is not Secure';
  return /;\s*httponly/i.test(session) ? undefined : 'the session cookie is not HttpOnly';
}

const errorText = (html: string): string =>
  (
    /errornote[^>]*>([^<]*)/.exec(html)?.[1] ??
    html
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .slice(0, 200)
  ).trim();

/** Every file below a folder with its size and time, git's own files too: to see that nothing was written. */
export async function listing(directory: string): Promise<string[]> {
  const { lstat } = await import('node:fs/promises');
  const entries = await readdir(directory, { recursive: true });
  const lines = await Promise.all(
    entries.map(async (name) => {
      const stat = await lstat(join(directory, name));
      return stat.isDirectory() ? name : `${name} ${stat.size} ${stat.mtimeMs}`;
    }),
  );
  return lines.sort();
}

/** Processes whose environment or command line names the path. */
export async function processesNaming(path: string): Promise<string[]> {
  const { readFile } = await import('node:fs/promises');
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)) {
    const [environment, line] = await Promise.all(
      ['environ', 'cmdline'].map((file) => readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '')),
    );
    if (line !== '' && `${environment}${line}`.includes(path) && !(line ?? '').includes('--test'))
      found.push(`${pid} ${(line ?? '').replaceAll('\0', ' ')}`);
  }
  return found;
}
