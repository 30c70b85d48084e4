import assert from 'node:assert/strict';
import { test } from 'node:test';
import { display } from '../../../src/core/command.js';
import { STAGES, type Step } from '../../../src/core/plan.js';
import { parseSchedule } from '../../../src/core/schedule.js';
import { baseSteps } from '../../../src/targets/server/base.js';
import { acmeSteps, certificateSteps } from '../../../src/targets/server/certificate.js';
import { credentialName, pinVariable, secretSteps, secretsOf } from '../../../src/targets/server/credentials.js';
import { calendars } from '../../../src/targets/server/cron.js';
import { edgePackages, edgeStart, edgeSteps } from '../../../src/targets/server/edge.js';
import { freedomsOf } from '../../../src/targets/server/freedoms.js';
import { bootSteps, drainSteps, endSteps, startSteps, switchSteps, undrainSteps } from '../../../src/targets/server/go-live.js';
import { serverKey, serverUser } from '../../../src/targets/server/layout.js';
import type { ServerHost, ServerRelease } from '../../../src/targets/server/options.js';
import { postgresSteps } from '../../../src/targets/server/postgresql.js';
import { makeFolderSteps, pinsStep, sealStep } from '../../../src/targets/server/release-files.js';
import { removeSteps } from '../../../src/targets/server/remove.js';
import { verifySteps } from '../../../src/targets/server/verify.js';
import { assertGolden } from '../../support/golden.js';
import { FACTS, HOST, serverRelease, WEB } from './sample.js';

const FIRST = serverRelease('20261121-100000-aaaaaaa');
const SECOND = serverRelease('20261121-100100-bbbbbbb');

const all = (release: ServerRelease, current?: ServerRelease, host: ServerHost = HOST): Step[] =>
  [
    ...makeFolderSteps(release, host, 'slipway'),
    pinsStep(release, ['shop'], host),
    ...baseSteps({ host, options: release.options, packages: edgePackages(release) }),
    ...postgresSteps(
      {
        major: 17,
        memory: 4 * 2 ** 30,
        role: 'shop',
        password: { secret: 'postgresql.password' },
        databases: [{ name: 'shop', extensions: ['postgis'] }],
      },
      host,
    ),
    ...secretSteps(release, host),
    ...certificateSteps(release, host),
    ...edgeSteps(release, FACTS, host),
    sealStep(release, host),
    ...startSteps(release, host, WEB),
    ...edgeStart(release, FACTS, host),
    ...switchSteps(release, host, current),
    ...acmeSteps(release, host),
    ...verifySteps(release, host, false),
    ...(current === undefined ? bootSteps(release, host) : drainSteps(current, host, 60)),
  ].toSorted((a, b) => STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage));

/** Steps as a person would want to read them. */
function told(steps: readonly Step[]): string {
  return steps
    .map(({ id, stage, title, action }) => {
      const head = `${stage}  ${id}  (${title})`;
      switch (action.kind) {
        case 'file': {
          const text = typeof action.content === 'string' ? action.content : JSON.stringify(action.content, null, 1);
          return `${head}\n  ${action.mode?.toString(8) ?? '644'} ${action.path}\n${text.replaceAll(/^(?=.)/gm, '  | ')}`;
        }
        case 'run':
          return `${head}\n  ${action.command.user ?? 'root'}# ${display(action.command)}${action.check !== undefined && 'command' in action.check ? `\n  check: ${display(action.check.command)}` : ''}`;
        default:
          return `${head}\n  ${JSON.stringify(action)}`;
      }
    })
    .join('\n\n');
}

test('goldens of a first and a second release', () => {
  assertGolden('targets/server/goldens/first.txt', `${told(all(FIRST))}\n`);
  assertGolden('targets/server/goldens/second.txt', `${told(all(SECOND, FIRST))}\n`);
});

test('the same release gives the same steps, each with an id of its own, and every command a check', () => {
  assert.deepEqual(all(SECOND, FIRST), all(SECOND, FIRST));
  const steps = [
    ...all(SECOND, FIRST),
    ...undrainSteps(FIRST.options, FIRST.version, HOST),
    ...endSteps(FIRST.options, FIRST.version, HOST),
  ];
  assert.equal(new Set(steps.map(({ id }) => id)).size, steps.length);
  for (const { id, action, host } of steps) {
    assert.equal(host, HOST.name);
    assert.match(id, /^[a-z0-9]/);
    if (action.kind === 'run') assert.ok(action.check !== undefined, id);
  }
});

test('no secret is anywhere but by its name where it is written', () => {
  assert.deepEqual(secretsOf(FIRST), ['django.secret_key', 'postgresql.url', 'redis.url']);
  for (const { action, id } of all(FIRST)) {
    const holds = JSON.stringify(action).includes('"secret":');
    assert.equal(holds, id.startsWith('secrets.') && id !== 'secrets.folder' ? true : id === 'postgresql.database.shop', id);
  }
});

test('names of secrets', () => {
  const table = [
    ['postgresql.url', 'postgresql.url'],
    ['DJANGO_SECRET_KEY', 'DJANGO_SECRET_KEY'],
    ['a/b', 'a+2f+b'],
    ['../x', '+2e+.+2f+x'],
    ['ü', '+fc+'],
  ] as const;
  for (const [name, file] of table) assert.equal(credentialName(name), file);
  assert.equal(new Set(['a.b', 'a_b', 'a-b', 'A_b'].map(pinVariable)).size, 4);
});

test('a host does what its roles say', () => {
  const units = (roles: ServerHost['roles']) =>
    all(SECOND, FIRST, { ...HOST, roles })
      .flatMap(({ action }) =>
        action.kind === 'file' && action.path.startsWith('/etc/systemd/system/shop')
          ? [action.path.split('/').at(-1)?.replace(/@.*\./, '@.')]
          : [],
      )
      .sort();
  assert.deepEqual(units(['web']), ['shop-web@.service', 'shop@.target']);
  assert.deepEqual(units(['worker']), ['shop-worker.1@.service', 'shop-worker.2@.service', 'shop@.target']);
  assert.deepEqual(units(['beat']), [
    'shop-beat@.service',
    'shop-cron-clean@.service',
    'shop-cron-clean@.timer',
    'shop-once@.target',
  ]);
  assert.deepEqual(units(['database']), []);
  const ids = all(SECOND, FIRST, { ...HOST, roles: ['worker'] }).map(({ id }) => id);
  assert.ok(!ids.some((id) => /^(edge|verify|acme|certificate)\./.test(id)), ids.join(' '));
});

test('traffic moves between the old schedulers and the new, and the machine starts with what is live', () => {
  const ids = switchSteps(SECOND, HOST, FIRST).map(({ id }) => id);
  const order = ['switch.forget-once', 'switch.old-once', 'switch.enable', 'switch.live', 'switch.once', 'switch.forget'];
  assert.deepEqual(
    ids.filter((id) => order.includes(id)),
    order,
  );
  assert.ok(!switchSteps(SECOND, HOST, SECOND).some(({ id }) => id === 'switch.forget'));
});

test('removal takes away every file that was written', () => {
  const gone = removeSteps({ options: FIRST.options, versions: [FIRST.version], keepData: false }, HOST).flatMap(({ action }) =>
    action.kind === 'remove' ? [action.path] : [],
  );
  const left = all(FIRST).flatMap(({ action }) =>
    action.kind === 'file' && !gone.some((path) => action.path === path || action.path.startsWith(`${path}/`))
      ? [action.path]
      : [],
  );
  // Units go with their release; what apps share stays; the cluster is the system's.
  const shared = [/^\/etc\/systemd\/system\/shop/, /\/nginx\.service\.d\//, /slipway-nginx\.conf$/, /^\/etc\/postgresql\//];
  assert.deepEqual(
    left.filter((path) => !shared.some((pattern) => pattern.test(path))),
    [],
  );
});

test('what an app is called on a host', () => {
  const table = [
    ['shop', 'production', 'shop', 'shop'],
    ['shop', 'staging', 'shop-staging', 'shop-staging'],
    ['news', 'production', 'news-app', 'news-app'],
    ['nginx', 'production', 'nginx-app', 'nginx-app'],
    ['systemd-x', 'production', 'systemd-x-app', 'systemd-x-app'],
  ] as const;
  for (const [app, environment, key, user] of table) {
    assert.equal(serverKey(app, environment), key);
    assert.equal(serverUser(key), user);
  }
  const long = ['a'.repeat(40), `${'a'.repeat(39)}b`].map(serverUser);
  for (const user of long) assert.match(user, /^[a-z][a-z0-9-]{0,30}$/);
  assert.equal(new Set(long).size, 2);
});

test('schedules as systemd reads them', () => {
  const table: readonly (readonly [string, string | null, readonly string[]])[] = [
    ['04:15', null, ['*-*-* 04:15:00']],
    ['*/15 * * * *', 'Europe/Copenhagen', ['*-*-* *:00,15,30,45:00 Europe/Copenhagen']],
    ['0 4 * * mon-fri', null, ['Mon,Tue,Wed,Thu,Fri *-*-* 04:00:00']],
    ['0 4 1 * mon', null, ['*-*-01 04:00:00', 'Mon *-*-* 04:00:00']],
    ['30 2 1 1,7 *', null, ['*-01,07-01 02:30:00']],
    ['0 0 * * 0', null, ['Sun *-*-* 00:00:00']],
  ];
  for (const [cron, zone, expected] of table) {
    const schedule = parseSchedule(cron);
    assert.ok(schedule !== undefined);
    assert.deepEqual(calendars(schedule, zone), expected, cron);
  }
});

test('libraries that need more get it', () => {
  assert.deepEqual(freedomsOf(['django', 'celery']), []);
  assert.deepEqual(freedomsOf(['psutil', 'numba']), ['proc', 'resources', 'write-execute']);
  assert.deepEqual(freedomsOf([], 'pypy'), ['write-execute']);
});
