import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { example, type LiveProject, liveProject } from '../support/live-app.js';
import { browserLacks, computed, imageWidth, type Tab, TrustingBrowser } from './browser/browser.js';

const lacks = browserLacks();
const options = { timeout: 600_000, skip: lacks ?? false };

/** 2 × 1 pixels. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVR4nGP4z8DA8J8BAAf/Af8Bf4mnAAAAAElFTkSuQmCC',
  'base64',
);

/** The example live, and a browser that trusts it. */
async function open(
  context: TestContext,
  name: string,
): Promise<{
  readonly project: LiveProject;
  readonly browser: TrustingBrowser;
  readonly url: string;
  readonly password: string;
}> {
  const project = liveProject(example(name));
  context.after(() => project.end());
  const up = await project.run(['up', '--json', '--superuser', 'ada']);
  assert.equal(up.code, 0, JSON.stringify(up.result));
  const password = /superuser ada, password (\S+) /.exec(up.stdout)?.[1];
  const { url, ca } = up.result;
  assert.ok(typeof url === 'string' && typeof ca === 'string' && password !== undefined);
  const browser = await TrustingBrowser.launch(ca);
  context.after(() => browser.close());
  return { project, browser, url, password };
}

async function logIn({ page }: Tab, url: string, name: string, password: string): Promise<void> {
  await page.goto(url);
  await page.fill('[name=username]', name);
  await page.fill('[name=password]', password);
  await Promise.all([page.waitForURL((next) => !next.pathname.includes('login')), page.click('[type=submit], form button')]);
}

test('a browser logs in to the admin, uploads a picture and sees it', options, async (context) => {
  const { browser, url, password } = await open(context, 'bakery-orders');
  const tab = await browser.tab();
  const { page } = tab;
  await logIn(tab, new URL('/office/', url).href, 'ada', password);
  assert.match(await page.title(), /Site administration/);
  assert.notEqual(await computed(page, '#header', 'background-color'), 'rgba(0, 0, 0, 0)', 'the admin is styled');

  await page.goto(new URL('/office/catalogue/cake/add/', url).href);
  await page.fill('[name=name]', 'Linzer Torte');
  await page.fill('[name=price_per_portion]', '4.50');
  assert.equal(await page.inputValue('[name=slug]'), 'linzer-torte', "the admin's own scripts run");
  await page.setInputFiles('[name=photo]', { name: 'linzer.png', mimeType: 'image/png', buffer: PICTURE });
  await Promise.all([page.waitForURL(/\/office\/catalogue\/cake\/$/), page.click('[name=_save]')]);

  await page.goto(url);
  assert.equal(await computed(page, 'body', 'background-color'), 'rgb(253, 246, 234)', 'the bundled stylesheet applies');
  const source = await page.locator('.card img').getAttribute('src');
  assert.match(source ?? '', /^\/media\/cakes\/linzer[\w]*\.png$/);
  assert.equal(await imageWidth(page, '.card img'), 2);
  assert.deepEqual(tab.problems, []);
});

test('what one browser says over a websocket arrives in the other', options, async (context) => {
  const { project, browser, url, password } = await open(context, 'studio-chat');
  const made = await project.run([
    'exec',
    '--',
    'python',
    'manage.py',
    'shell',
    '-c',
    "from django.contrib.auth.models import User; User.objects.create_user('bob', password='kiln-at-cone-ten')",
  ]);
  assert.equal(made.code, 0, made.stderr);
  const [ada, bob] = [await browser.tab(), await browser.tab()];
  const login = new URL('/accounts/login/', url).href;
  await logIn(ada, login, 'ada', password);
  await logIn(bob, login, 'bob', 'kiln-at-cone-ten');
  await ada.page.goto(url);
  assert.equal(await computed(ada.page, 'header', 'background-color'), 'rgb(181, 86, 44)', 'the stylesheet applies');
  await ada.page.fill('[name=name]', 'Glazes');
  await Promise.all([ada.page.waitForURL(/\/rooms\/glazes\/$/), ada.page.click('main form button')]);
  await bob.page.goto(new URL('/rooms/glazes/', url).href);
  for (const { page } of [ada, bob]) await page.waitForSelector('body.connected');

  await bob.page.fill('#say [name=text]', 'Is the kiln cool?');
  await bob.page.click('#say button');
  await ada.page.waitForSelector('#said li:has-text("Is the kiln cool?")');
  await ada.page.fill('#say [name=text]', '<b>At noon</b>');
  await ada.page.click('#say button');
  await bob.page.waitForSelector('#said li:has-text("<b>At noon</b>")');
  assert.deepEqual([...ada.problems, ...bob.problems], []);
});
