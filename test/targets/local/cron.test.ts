import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CronJob, Process, Release } from '../../../src/core/release.js';
import { cronName } from '../../../src/targets/local/cron-program.js';
import { cronSteps } from '../../../src/targets/local/cron-steps.js';
import type { LocalOptions } from '../../../src/targets/local/options.js';
import type { Installed } from '../../../src/targets/local/paths.js';
import { beatGroup, hasBeatGroup, releaseGroup } from '../../../src/targets/local/programs.js';

const CLEAN: CronJob = { name: 'clean', argv: ['python', 'manage.py', 'clearsessions'], at: '04:15', stopSeconds: 60 };
const SLOW: CronJob = { name: 'slow', argv: ['python', 'slow.py'], at: '0 4 1 * mon', stopSeconds: 600 };

const INSTALLED: Installed = {
  python: '/tools/python',
  tools: '/slipway/tools',
  launch: '/slipway/launch.py',
  nginx: { program: '/nginx', build: { version: [1, 26, 0], openssl: [3, 0, 0], configure: [] } },
};

const process = (name: string, kind: Process['kind']): Process => ({
  name,
  kind,
  argv: [name],
  scale: 1,
  stopSeconds: 10,
  from: '',
});

function release(cron: readonly CronJob[], processes: readonly Process[] = []): Release<LocalOptions> {
  return {
    app: 'shop',
    version: 'v1',
    environment: 'local',
    domains: ['localhost'],
    source: { root: '/p', fingerprint: 'f' },
    python: { key: 'k', interpreter: '/py', version: '3.12.1', additions: [] },
    directory: 'site',
    settingsModule: 'shop.settings',
    pins: [],
    web: {
      server: 'gunicorn',
      interface: 'wsgi',
      application: 'shop.wsgi:application',
      workers: 1,
      threads: 1,
      middleware: [],
      maxBody: 1,
    },
    processes,
    cron,
    services: [],
    env: { KEY: { secret: 'KEY' } },
    files: { url: '/static/', media: '/media/' },
    options: {
      layout: { home: '/h', state: '/h/apps/shop/local', run: '/r' },
      httpsPort: 8443,
      httpPort: 8080,
      inputs: 'i',
      staticKey: null,
      venv: '/venv',
      created: '2026-11-21T00:00:00Z',
      timeZone: 'Europe/Copenhagen',
      adminPath: null,
      webSockets: false,
      sampleStatic: null,
      keptFolders: [],
      keep: 5,
    },
  };
}

test('a release without jobs has nothing of them', () => {
  assert.deepEqual(cronSteps(release([]), INSTALLED), []);
  assert.equal(beatGroup(release([]), INSTALLED), undefined);
  assert.equal(hasBeatGroup(release([])), false);
});

test('each job starts like every process of the release: its secrets by name, its words in a file', () => {
  const [first, , jobs] = cronSteps(release([CLEAN, SLOW]), INSTALLED);
  assert.equal(first?.id, 'cron.clean');
  assert.ok(first.action.kind === 'file' && typeof first.action.content !== 'string' && 'json' in first.action.content);
  assert.equal(first.action.path, '/h/apps/shop/local/releases/v1/cron/clean.json');
  assert.equal(first.action.mode, 0o600);
  const definition = JSON.parse(JSON.stringify(first.action.content.json));
  assert.deepEqual([definition.argv, definition.cwd], [CLEAN.argv, '/h/apps/shop/local/releases/v1/source/site']);
  assert.deepEqual([definition.env.KEY, definition.env.SLIPWAY_RELEASE], [{ secret: 'KEY' }, 'v1']);

  assert.ok(jobs?.action.kind === 'file' && typeof jobs.action.content !== 'string' && 'json' in jobs.action.content);
  const plan = JSON.parse(JSON.stringify(jobs.action.content.json));
  assert.deepEqual([plan.zone, plan.folder], ['Europe/Copenhagen', '/h/apps/shop/local/cron']);
  const [clean, slow] = plan.jobs;
  assert.deepEqual(clean.argv, ['/tools/python', '-I', '-S', '/slipway/launch.py', first.action.path]);
  assert.deepEqual([clean.log, clean.minutes, clean.hours], ['/h/apps/shop/local/logs/cron-clean.log', [15], [4]]);
  assert.deepEqual([slow.stop_seconds, slow.days, slow.weekdays, slow.eitherDay], [600, [1], [1], true]);
});

test('the scheduler is one program of the group that exists once, and outlasts its longest job', () => {
  const both = release([CLEAN, SLOW], [process('beat', 'beat'), process('worker', 'worker')]);
  const group = beatGroup(both, INSTALLED);
  assert.deepEqual(
    group?.programs.map(({ name, count, stopSeconds }) => [name, count ?? 1, stopSeconds]),
    [
      ['beat', 1, 10],
      ['cron', 1, 615],
    ],
  );
  const beside = releaseGroup(both, INSTALLED, { stopSignal: 'TERM', stopSeconds: 30 });
  assert.deepEqual(
    beside.programs.map(({ name }) => name),
    ['web', 'worker'],
  );
});

test("a project's own process named cron keeps its name", () => {
  assert.equal(cronName(release([CLEAN])), 'cron');
  assert.equal(cronName(release([CLEAN], [process('cron', 'daemon')])), 'cron-jobs');
});
