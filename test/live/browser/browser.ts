import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';
const CERTUTIL = '/usr/bin/certutil';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Why there can be no browser on this machine; undefined where there can. */
export function browserLacks(): string | undefined {
  const missing = Object.entries({ chromium: CHROMIUM, 'libnss3-tools': CERTUTIL }).filter(([, path]) => !existsSync(path));
  return missing.length === 0 ? undefined : `apt-get install -y ${missing.map(([name]) => name).join(' ')}`;
}

/** One tab of one visitor, and all that went wrong in it. */
export interface Tab {
  readonly page: Page;
  /** Console errors, exceptions, requests that failed and anything asked for over plain HTTP. */
  readonly problems: string[];
}

/** A real browser that trusts one more authority, as a user's does after `slipway trust`: nothing about certificates is ignored. */
export class TrustingBrowser {
  private constructor(
    private readonly browser: Browser,
    private readonly home: string,
  ) {}

  static async launch(ca: string): Promise<TrustingBrowser> {
    const home = mkdtempSync(join(tmpdir(), 'slipway-browser-'));
    const database = join(home, '.pki/nssdb');
    mkdirSync(database, { recursive: true });
    execFileSync(CERTUTIL, ['-d', `sql:${database}`, '-N', '--empty-password']);
    execFileSync(CERTUTIL, ['-d', `sql:${database}`, '-A', '-t', 'C,,', '-n', 'slipway', '-i', ca]);
    const env = {
      ...process.env,
      HOME: home,
      XDG_CONFIG_HOME: join(home, 'config'),
      XDG_CACHE_HOME: join(home, 'cache'),
      NODE_EXTRA_CA_CERTS: '',
    };
    return new TrustingBrowser(await chromium.launch({ executablePath: CHROMIUM, args: FLAGS, env }), home);
  }

  /** A visitor of its own: no cookie is shared. */
  async tab(): Promise<Tab> {
    const context = await this.browser.newContext();
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const problems: string[] = [];
    page.on('console', (message) => {
      // A browser asks for the icon by itself; whether the project has one is the project's affair.
      if (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico'))
        problems.push(`${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('request', (request) => {
      if (/^(http|ws):/.test(request.url())) problems.push(`asked for ${request.url()}`);
    });
    page.on('requestfailed', (request) => problems.push(`${request.url()} failed: ${request.failure()?.errorText}`));
    return { page, problems };
  }

  async close(): Promise<void> {
    await this.browser.close();
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A value of an element as the browser computed it, after all stylesheets. */
export const computed = (page: Page, selector: string, property: string): Promise<string> =>
  page.evaluate(
    `getComputedStyle(document.querySelector(${JSON.stringify(selector)})).getPropertyValue(${JSON.stringify(property)})`,
  );

/** Width of an image in its own pixels, once it is decoded; rejects for one that is broken. */
export const imageWidth = (page: Page, selector: string): Promise<number> =>
  page.evaluate(
    `(async (image) => { await image.decode(); return image.naturalWidth; })(document.querySelector(${JSON.stringify(selector)}))`,
  );
