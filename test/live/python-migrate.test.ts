import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { events, type TaskEvent } from './python-matrix/answers.js';
import { environment, interpreter } from './python-matrix/environment.js';
import { type Postgres, postgresPrograms, startPostgres } from './python-matrix/postgres.js';
import { python, SCRIPTS } from './python-matrix/run.js';
import { migration, type Shop, shop } from './python-matrix/shop.js';

const DRIVERS = [
  { django: '5.2', python: '3.12', driver: 'psycopg[binary]' },
  { django: '2.2', python: '3.8', driver: 'psycopg2-binary<2.9' },
] as const;

const ADD_PRICE = "migrations.AddField('item', 'price', models.IntegerField(null=True))";
const bin = postgresPrograms();

for (const { django, python: version, driver } of DRIVERS) {
  const found = interpreter(version);
  const skip = bin === null ? 'no PostgreSQL here' : found === null ? `no Python ${version} here` : false;

  describe(`migrating PostgreSQL with Django ${django} and ${driver}`, { skip }, () => {
    let root = '';
    let venv = '';
    let postgres: Postgres;
    let databases = 0;

    before(async () => {
      venv = await environment(found ?? '', [`Django~=${django}.0`, driver]);
      root = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-migrate-')));
      chmodSync(root, 0o755);
      mkdirSync(join(root, 'pg'));
      postgres = await startPostgres(join(root, 'pg'), bin ?? '');
    });

    after(async () => {
      await postgres?.stop();
      rmSync(root, { recursive: true, force: true });
    });

    async function project(settings = ''): Promise<Shop & { name: string }> {
      databases += 1;
      const name = `shop${databases}`;
      assert.equal((await postgres.sql(`CREATE DATABASE ${name}`)).code, 0);
      const where = `{'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': '${name}', 'USER': '${postgres.user}', 'HOST': '${postgres.socket}'}}`;
      return { ...shop(join(root, name), where, settings), name };
    }

    /** Keeps a session busy with `sql` for some seconds, once it has begun. */
    async function busy(name: string, sql: string, seconds: number): Promise<() => Promise<void>> {
      const code = `import sys\ntry:\n    import psycopg as driver\nexcept ImportError:\n    import psycopg2 as driver\nimport time\nc = driver.connect(sys.argv[1])\nc.cursor().execute(sys.argv[2])\nprint('begun', flush=True)\ntime.sleep(float(sys.argv[3]))`;
      const dsn = `host=${postgres.socket} user=${postgres.user} dbname=${name}`;
      const session = python(venv, ['-c', code, dsn, sql, String(seconds)]);
      for (let tries = 0; tries < 50; tries += 1) {
        const locks = await postgres.sql(
          `SELECT count(*) FROM pg_stat_activity WHERE datname = '${name}' AND state = 'idle in transaction'`,
        );
        if (locks.stdout.trim() === '1') break;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      return async () => assert.equal((await session).code, 0);
    }

    const migrate = (made: Shop, more: object = {}) => events(venv, { ...made.request, jobs: [{ job: 'migrate', ...more }] }, {});
    const last = (told: readonly TaskEvent[]) => told.at(-1) ?? { job: '', event: 'none', fields: {} };

    test('a migration that fails is told with its operation, its SQL and what was applied before', async () => {
      const made = await project();
      made.write(
        'stock/migrations/0002_bad.py',
        migration('0001_initial', `${ADD_PRICE}, migrations.RunSQL('UPDATE nowhere SET x = 1')`),
      );
      const { event, fields } = last(await migrate(made));
      assert.equal(event, 'failed', JSON.stringify(fields));
      assert.equal(fields['migration'], 'stock.0002_bad');
      assert.equal(fields['operation'], 'RunSQL');
      assert.match(String(fields['sql']), /UPDATE nowhere SET x = 1/);
      assert.match(String(fields['exception']), /relation "nowhere" does not exist/);
      assert.equal(fields['atomic'], true);
      assert.deepEqual(
        (fields['applied'] as readonly { name: string }[]).map((each) => each.name),
        ['0001_initial'],
      );
    });

    test('a table in use is waited for a little at a time', async () => {
      const made = await project();
      assert.equal(last(await migrate(made)).event, 'done');
      made.write('stock/migrations/0002_price.py', migration('0001_initial', ADD_PRICE));
      const over = await busy(made.name, 'SELECT count(*) FROM stock_item', 2.5);
      const told = await migrate(made, { lock_timeout: '300ms' });
      await over();
      assert.equal(last(told).event, 'done', JSON.stringify(told));
      const retries = told.filter((each) => each.fields['retry'] !== undefined);
      assert.ok(retries.length >= 1, JSON.stringify(told));
      assert.equal(retries[0]?.fields['migration'], 'stock.0002_price');
    });

    test('without retries it is given up, and says so', async () => {
      const made = await project();
      await migrate(made);
      made.write('stock/migrations/0002_price.py', migration('0001_initial', ADD_PRICE));
      const over = await busy(made.name, 'SELECT count(*) FROM stock_item', 2);
      const { event, fields } = last(await migrate(made, { lock_timeout: '200ms', retries: 0 }));
      await over();
      assert.equal(event, 'failed');
      assert.match(String(fields['exception']), /lock timeout/);
      assert.equal(fields['operation'], 'AddField');
      assert.match(String(fields['sql']), /ALTER TABLE "stock_item" ADD COLUMN "price"/);
    });

    test('two at once: the second waits, and finds nothing left to do', async () => {
      const made = await project();
      const slow = "migrations.RunSQL('SELECT pg_sleep(1)')";
      made.write('stock/migrations/0002_slow.py', migration('0001_initial', slow));
      const [one, other] = await Promise.all([migrate(made), migrate(made)]);
      assert.deepEqual([last(one).event, last(other).event], ['done', 'done'], JSON.stringify([one, other]));
      const counts = [one, other].map((told) => (last(told).fields['applied'] as unknown[]).length).sort();
      assert.deepEqual(counts, [0, 2]);
      assert.ok([...one, ...other].some((each) => each.fields['waiting'] !== undefined));
    });

    test('a lock that is not given back is named', async () => {
      const made = await project();
      const over = await busy(made.name, "SELECT pg_advisory_lock(hashtext('slipway:migrate'))", 3);
      const { event, fields } = last(await migrate(made, { wait: 0.6 }));
      await over();
      assert.equal(event, 'failed');
      assert.equal(fields['reason'], 'locked');
    });

    test('the plan names what loses data, what cannot be undone, what is missing', async () => {
      const made = await project();
      made.write(
        'stock/migrations/0002_drop.py',
        migration('0001_initial', "migrations.RemoveField('item', 'name'), migrations.RunSQL('SELECT 1')"),
      );
      const { event, fields } = last(await events(venv, { ...made.request, jobs: [{ job: 'plan' }] }, {}));
      assert.equal(event, 'done', JSON.stringify(fields));
      const [first, second] = fields['migrations'] as readonly Record<string, unknown>[];
      assert.deepEqual([first?.['destructive'], first?.['reversible']], [false, true]);
      assert.deepEqual(second?.['operations'], ['RemoveField', 'RunSQL']);
      assert.deepEqual([second?.['destructive'], second?.['reversible']], [true, false]);
      const [missing] = fields['missing'] as readonly Record<string, unknown>[];
      assert.deepEqual(
        [missing?.['app'], missing?.['own'], missing?.['operations']],
        ['stock', true, ['Add field name to item']],
      );
    });

    test('conflicting migrations are named, and nothing is applied', async () => {
      const made = await project();
      made.write('stock/migrations/0002_a.py', migration('0001_initial', ''));
      made.write('stock/migrations/0002_b.py', migration('0001_initial', ''));
      const { fields } = last(await events(venv, { ...made.request, jobs: [{ job: 'plan' }] }, {}));
      assert.deepEqual(fields['conflicts'], [{ app: 'stock', names: ['0002_a', '0002_b'] }]);
      const failed = last(await migrate(made));
      assert.equal(failed.event, 'failed');
      assert.match(String(failed.fields['message']), /0002_a, 0002_b|Conflicting migrations/);
      assert.deepEqual(failed.fields['applied'], []);
    });

    test('readiness says what is unapplied, and what does not answer', async () => {
      const made = await project();
      const env = { DJANGO_SETTINGS_MODULE: 'shop.settings', PYTHONPATH: made.root };
      const ask = () =>
        python(venv, [join(SCRIPTS, 'serve.py')], {
          cwd: made.root,
          env,
          stdin: JSON.stringify([['ready', '/-/health/ready', {}]]),
        });
      const unapplied = JSON.parse((await ask()).stdout).ready;
      assert.equal(unapplied.status, 503);
      assert.deepEqual(JSON.parse(unapplied.body).checks, {
        import: 'ok',
        database: 'ok',
        migrations: '1 unapplied: stock.0001_initial',
        cache: 'ok',
      });
      await postgres.sql(`DROP DATABASE ${made.name}`);
      const gone = JSON.parse((await ask()).stdout).ready;
      assert.equal(gone.status, 503);
      assert.match(JSON.parse(gone.body).checks.database, /does not exist/);
    });
  });
}
