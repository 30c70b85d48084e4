import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Visitor } from '../support/browserless.js';
import { type LiveProject, liveProject } from '../support/live-app.js';
import { checkLive, listing, type Wanted } from '../support/live-checks.js';
import { ROOT } from '../support/slipway.js';
import { portsOf } from '../support/state.js';

/** Without it, pages are there in the language they were written in. */
const hasGettext = spawnSync('msgfmt', ['--version'], { stdio: 'ignore' }).status === 0;

interface Up {
  readonly project: LiveProject;
  readonly result: Readonly<Record<string, unknown>>;
  readonly url: string;
  readonly ca: string;
}

/** A fixture that comes up with one command, looks as wanted and is left as it was. */
async function live(name: string, wanted: Wanted, more: (up: Up) => Promise<void> = async () => {}): Promise<void> {
  const project = liveProject(join(ROOT, 'test/fixtures/projects', name));
  try {
    const before = await listing(project.directory);
    const result = await project.up();
    const { url, ca } = result;
    assert.ok(typeof url === 'string' && typeof ca === 'string');
    const httpPort = portsOf(project.home, project.directory).http;
    const outcomes = await checkLive({ directory: project.directory, home: project.home, url, ca, httpPort }, wanted);
    const problems = outcomes.filter(({ problem }) => problem !== undefined);
    const log = problems.length === 0 ? '' : (await project.run(['logs'])).stdout.slice(-6000);
    assert.deepEqual(problems, [], `${JSON.stringify(problems)}\n${log}`);
    await more({ project, result, url, ca });
    assert.deepEqual(await listing(project.directory), before, 'nothing is written in the project');
    assert.equal((await project.run(['down', '--delete-data', '--yes'])).code, 0);
    assert.deepEqual(await listing(project.temp), [], 'nothing temporary is left');
  } finally {
    await project.end();
  }
}

describe('what real projects have taught', { concurrency: 2 }, () => {
  test('settings from setup.py, manage.py, runpy, INI, JSON and a file with the key', { timeout: 600_000 }, () =>
    live('scattered', {
      page: '/',
      text: hasGettext ? /^Tracker 1\.0: 12 Vorgänge höchstens$/ : /^Tracker 1\.0: 12 issues at most$/,
      admin: '/admin/',
    }),
  );

  test('settings from a TOML file, name by name; a system check of its own that fails', { timeout: 600_000 }, () =>
    live('toml-settings', { page: '/', text: /^Debug is False$/, admin: null }, async ({ result }) => {
      const told = JSON.stringify(result['warnings']);
      assert.match(
        told,
        /a system check of the project fails \(house\.E001\): No meter is connected","hint":"Set METER in house\.toml"/,
      );
      assert.doesNotMatch(told, /damp|lawn/, 'what is silenced, and what is only a warning');
    }),
  );

  test('an ASGI application that is more than Django, and no WSGI', { timeout: 600_000 }, () =>
    live('asgi-only', { page: '/', text: /^By Django, over ASGIRequest$/, admin: null }, async ({ url, ca }) => {
      assert.equal((await new Visitor(ca).visit(new URL('/raw/', url).href)).text, 'Beside Django');
    }),
  );

  test('two databases with a router and extensions, Redis in four roles, a cache in a table', { timeout: 600_000 }, () =>
    live('stores', {
      page: '/',
      text: /^1 item; 1 entry; redis; table; 7 kg; in both: django_migrations; compiled$/,
      admin: null,
    }),
  );

  test('static files that want the database, name what is not there and are compressed before', { timeout: 600_000 }, () =>
    live(
      'strict-static',
      { page: '/', text: /<link rel="stylesheet" href="[^"]*CACHE\/css\/[^"]+"[\s\S]*mark\.[0-9a-f]{12}\.svg/, admin: null },
      async ({ result }) => assert.match(JSON.stringify(result['warnings']), /static-references[^}]*gone\.png/),
    ),
  );

  test('workers of five kinds, from a Procfile, a compose file and the libraries', { timeout: 600_000 }, () =>
    live('workers', { page: '/', text: /^asked$/, admin: null }, async ({ url, ca }) => {
      const visitor = new Visitor(ca);
      const wanted = 'clock dramatiq huey q rq tasks';
      let told = '';
      for (const deadline = Date.now() + 60_000; told !== wanted && Date.now() < deadline; ) {
        await new Promise((resolve) => setTimeout(resolve, 500));
        told = (await visitor.visit(new URL('/done/', url).href)).text;
      }
      assert.equal(told, wanted);
    }),
  );
});
