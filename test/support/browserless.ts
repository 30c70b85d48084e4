import { readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { leadingTo } from './leading-to.js';

export interface Page {
  readonly url: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly form?: Record<string, string>;
}

/** A visitor without a screen: HTTPS verified with the given CA, cookies kept, no redirect followed unless asked. */
export class Visitor {
  readonly cookies = new Map<string, string>();
  /** Whole `Set-Cookie` lines, newest last. */
  readonly setCookies: string[] = [];
  private readonly ca: Buffer | undefined;

  /** @param address where every name leads, whatever a resolver says */
  constructor(
    caPath?: string,
    private readonly address?: string,
  ) {
    this.ca = caPath === undefined ? undefined : readFileSync(caPath);
  }

  async ask(url: string, ask: Ask = {}): Promise<Page> {
    const target = new URL(url);
    const form = ask.form === undefined ? undefined : new URLSearchParams(ask.form).toString();
    const headers: Record<string, string> = {
      'user-agent': 'Mozilla/5.0 (Slipway test)',
      accept: 'text/html,*/*;q=0.8',
      ...ask.headers,
    };
    if (this.cookies.size > 0) headers['cookie'] = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    if (form !== undefined) {
      headers['content-type'] = 'application/x-www-form-urlencoded';
      headers['content-length'] = String(Buffer.byteLength(form));
      headers['referer'] ??= url;
      headers['origin'] ??= target.origin;
    }
    const open = target.protocol === 'https:' ? httpsRequest : httpRequest;
    const page = await new Promise<Page>((resolve, reject) => {
      const outgoing = open(
        target,
        {
          method: ask.method ?? (form === undefined ? 'GET' : 'POST'),
          headers,
          agent: false,
          timeout: 30_000,
          servername: target.hostname,
          ...(this.ca ? { ca: this.ca } : {}),
          ...leadingTo(this.address),
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () => {
            const body = Buffer.concat(chunks);
            resolve({ url, status: incoming.statusCode ?? 0, headers: incoming.headers, body, text: body.toString('utf8') });
          });
        },
      );
      outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer from ${url}`)));
      outgoing.on('error', reject);
      outgoing.end(form);
    });
    for (const line of page.headers['set-cookie'] ?? []) this.keep(line);
    return page;
  }

  /** Follows up to ten redirects. */
  async visit(url: string, ask: Ask = {}): Promise<Page> {
    let page = await this.ask(url, ask);
    for (let hops = 0; [301, 302, 303, 307, 308].includes(page.status) && hops < 10; hops++) {
      page = await this.ask(new URL(page.headers.location ?? '', page.url).href);
    }
    return page;
  }

  private keep(line: string): void {
    this.setCookies.push(line);
    const [pair = ''] = line.split(';');
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    if (value === '' || /max-age=0\b|expires=Thu, 01[ -]Jan[ -]1970/i.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/** Values of the inputs of the first form that has a field of that name, and of the button that sends it. */
export function formFields(html: string, having: string): Record<string, string> {
  const part =
    html.split(/<form\b/i).find((form) => new RegExp(`name=["']?${having}\\b`).test(form.split(/<\/form>/i)[0] ?? '')) ?? '';
  const form = part.split(/<\/form>/i)[0] ?? '';
  const fields: Record<string, string> = {};
  for (const [tag] of form.matchAll(/<input\b[^>]*>/gi)) {
    const name = attribute(tag, 'name');
    if (name !== undefined && !/type=["']?(submit|checkbox|radio|file|button)/i.test(tag))
      fields[name] = attribute(tag, 'value') ?? '';
  }
  const [button] = /<(?:button|input)\b[^>]*type=["']?submit[^>]*>/i.exec(form) ?? [];
  const name = button === undefined ? undefined : attribute(button, 'name');
  if (button !== undefined && name !== undefined) fields[name] = attribute(button, 'value') ?? '';
  return fields;
}

export function attribute(tag: string, name: string): string | undefined {
  const match = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(tag);
  return unescapeHtml(match?.[1] ?? match?.[2] ?? match?.[3]);
}

const unescapeHtml = (text: string | undefined): string | undefined =>
  text
    ?.replaceAll('&amp;', '&')
    .replaceAll('&#x27;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
