import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { Visitor } from '../support/browserless.js';
import { example, type LiveProject, liveProject } from '../support/live-app.js';
import { isRunning, until } from './lab/sandbox.js';

/** Which server, and the interface it is to serve. */
const SERVERS = [
  ['gunicorn', 'wsgi'],
  ['uwsgi', 'wsgi'],
  ['granian', 'wsgi'],
  ['gunicorn', 'asgi'],
  ['uvicorn', 'asgi'],
  ['daphne', 'asgi'],
  ['hypercorn', 'asgi'],
] as const;

/** Layers that say their name in every answer; each a server towards the application and an application towards the server, so that a validator fits between any two. */
const LAYERS = `
import time
from wsgiref.validate import validator

def layer(name):
    def factory(application):
        inner = validator(application)
        def outer(environ, start_response):
            def start(status, headers, exc_info=None):
                return start_response(status, headers + [('X-Layer', name)], exc_info)
            return inner(environ, start)
        return validator(outer)
    return factory

first, second = layer('first'), layer('second')

def clock(application):
    def answer(environ, start_response):
        path = environ['PATH_INFO']
        if not path.startswith('/clock/'):
            return application(environ, start_response)
        headers = [('Content-Type', 'text/plain')] + ([('Set-Cookie', 'seen=1')] if path == '/clock/cookie/' else [])
        start_response('200 OK', headers)
        return [repr(time.time()).encode()]
    return answer

def asgi_layer(name):
    def factory(application):
        async def outer(scope, receive, send):
            async def tell(message):
                if message['type'] == 'http.response.start':
                    message = {**message, 'headers': [*message['headers'], (b'x-layer', name)]}
                await send(message)
            await application(scope, receive, tell)
        return outer
    return factory

asgi_first, asgi_second = asgi_layer(b'first'), asgi_layer(b'second')
`;

const write = (project: LiveProject, path: string, text: string): void => {
  const file = join(project.directory, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};

const ended = async (project: LiveProject, work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } finally {
    await project.end();
  }
};

const python = async (project: LiveProject, code: string): Promise<string> => {
  const ran = await project.run(['exec', '--', 'python', '-c', code]);
  assert.equal(ran.code, 0, ran.stderr);
  return ran.stdout.trim();
};

interface Running {
  readonly name: string;
  readonly command: string;
  readonly state: string;
  readonly release: string | null;
  readonly pid: number;
}

const childrenOf = (pid: number): number[] =>
  readdirSync(`/proc/${pid}/task`)
    .flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' '))
    .map(Number)
    .filter((child) => child > 0);

/** Killed alone, the main process of a server leaves no worker behind, and the server comes back. */
async function survivesItsMain(server: string, pid: number, answers: () => Promise<boolean>): Promise<void> {
  const workers = childrenOf(pid);
  process.kill(pid, 'SIGKILL');
  for (const worker of workers) await until(`${server}'s worker ${worker} to end`, async () => !(await isRunning(worker)), 10);
  await until(`${server} to answer again`, () => answers().catch(() => false), 20);
}

async function processes(project: LiveProject): Promise<Running[]> {
  const { result } = await project.run(['status', '--json']);
  assert.ok(Array.isArray(result['processes']));
  return result['processes'];
}

test('every server that web.server names serves the same project through the edge', { timeout: 900_000 }, () => {
  const project = liveProject(example('allotment'));
  return ended(project, async () => {
    for (const [server, web] of SERVERS) {
      write(project, 'slipway.yml', `web: {server: ${server}, interface: ${web}, workers: 2}\n`);
      const { url, ca, release } = await project.up();
      const visitor = new Visitor(String(ca));
      const page = await visitor.visit(String(url));
      assert.equal(page.status, 200, `${server} (${web})`);
      assert.match(page.text, /Mill Lane|Allotment/i);
      const login = await visitor.ask(new URL('/admin/login/', String(url)).href, {
        form: { username: 'nobody', password: 'wrong' },
      });
      assert.equal(login.status, 403, `${server} (${web}): a form without its token is refused by Django itself`);
      // Beside it, the release before may still finish its work.
      const running = (await processes(project)).filter((process) => process.name === 'web' && process.release === release);
      assert.ok(
        running.some(({ command }) => command.includes(server)),
        `${server}: ${JSON.stringify(running)}`,
      );
      await survivesItsMain(server, running[0]?.pid ?? 0, async () => (await visitor.ask(String(url))).status === 200);
    }
  });
});

test('WSGI middleware is stacked in order, with a validator between all layers; the cache keeps what it may', {
  timeout: 300_000,
}, () => {
  const project = liveProject(example('allotment'));
  return ended(project, async () => {
    write(project, 'allotment/layers.py', LAYERS);
    write(
      project,
      'slipway.yml',
      'web:\n  middleware: ["allotment.layers:first", "allotment.layers:second", "allotment.layers:clock"]\n  cache: {seconds: 5, paths: [/clock/]}\n',
    );
    const up = await project.up();
    const [url, visitor] = [String(up['url']), new Visitor(String(up['ca']))];
    const ask = (path: string) => visitor.ask(new URL(path, url).href);
    const page = await ask('/');
    assert.equal(page.status, 200);
    assert.equal(page.headers['x-layer'], 'second, first', 'the outermost speaks last');
    assert.equal((await ask('/no-such-page/')).headers['x-layer'], 'second, first');
    const head = await visitor.ask(url, { method: 'HEAD' });
    assert.equal(head.status, 200);
    const login = await visitor.visit(new URL('/admin/login/', url).href);
    const token = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(login.text)?.[1] ?? '';
    const refused = await visitor.ask(login.url, { form: { csrfmiddlewaretoken: token, username: 'nobody', password: 'wrong' } });
    assert.match(refused.text, /errornote/, 'a body comes through all layers');

    // A visitor without cookies: for others nothing is kept.
    const stranger = new Visitor(String(up['ca']));
    const clock = async () => (await stranger.ask(new URL('/clock/', url).href)).text;
    const [one, two] = [await clock(), await clock()];
    assert.equal(one, two, 'kept for five seconds');
    assert.notEqual((await ask('/clock/')).text, one);
    const [third, fourth] = [await ask('/clock/cookie/'), await ask('/clock/cookie/')];
    assert.notEqual(third.text, fourth.text, 'an answer with a cookie is never kept');
    assert.equal((await ask('/-/health/ready')).status, 404);
  });
});

test('ASGI middleware is stacked in order', { timeout: 300_000 }, () => {
  const project = liveProject(example('allotment'));
  return ended(project, async () => {
    write(project, 'allotment/layers.py', LAYERS);
    write(
      project,
      'slipway.yml',
      'web: {interface: asgi, middleware: ["allotment.layers:asgi_first", "allotment.layers:asgi_second"]}\n',
    );
    const up = await project.up();
    const page = await new Visitor(String(up['ca'])).ask(String(up['url']));
    assert.equal(page.status, 200);
    assert.equal(page.headers['x-layer'], 'second, first');
  });
});

const FILE = `
settings: {SECURE_HSTS_SECONDS: keep, SESSION_COOKIE_AGE: 777}
env: {ALLOTMENT_MODE: "$HOME; #1"}
files: {allotment/placed.txt: deploy/placed.txt}
build: [["python3", "-c", "open('allotment/built.txt', 'w').write('built here')"]]
processes:
  clock: {command: ["python", "-c", "import time; time.sleep(3600)"], scale: 2}
`;

const ASK = `
import os, django; django.setup()
from django.conf import settings
print([settings.SECURE_HSTS_SECONDS, settings.SESSION_COOKIE_AGE, os.environ['ALLOTMENT_MODE'], open('allotment/placed.txt').read(), open('allotment/built.txt').read()])
`;

test('settings, env, files, build and processes of slipway.yml act, and can be taken back', { timeout: 300_000 }, () => {
  const project = liveProject(example('allotment'));
  return ended(project, async () => {
    write(project, 'deploy/placed.txt', 'placed there');
    write(project, 'slipway.yml', FILE);
    await project.up();
    assert.equal(await python(project, ASK), "[0, 777, '$HOME; #1', 'placed there', 'built here']");
    const clocks = (await processes(project)).filter(({ command }) => command.includes('time.sleep(3600)'));
    assert.deepEqual(
      clocks.map(({ state }) => state),
      ['running', 'running'],
    );

    write(project, 'slipway.yml', `${FILE.slice(0, FILE.indexOf('processes:'))}processes: {clock: false}\n`);
    await project.up();
    assert.deepEqual(
      (await processes(project)).filter(({ command }) => command.includes('time.sleep(3600)')),
      [],
    );

    rmSync(join(project.directory, 'slipway.yml'));
    await project.up();
    assert.notEqual(
      await python(
        project,
        'import django; django.setup(); from django.conf import settings; print(settings.SECURE_HSTS_SECONDS)',
      ),
      '0',
    );
  });
});
