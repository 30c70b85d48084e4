import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { example } from '../../support/live-app.js';
import { type Serving, serving } from '../../support/serving.js';

/** Migrations that cannot be run: told which, with what SQL; the release that is live answers all the while. */
let app: Serving;

before(async () => {
  app = await serving(example('allotment'), 'Mill Lane');
});
after(() => app.end());

const migration = (name: string, after: string, operations: string): Readonly<Record<string, string>> => ({
  [`plots/migrations/${name}.py`]: `from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plots", "${after}")]
    operations = [${operations}]
`,
});

const WORKS = 'migrations.RunSQL("CREATE TABLE plots_extra (id integer)", "DROP TABLE plots_extra")';

test('one fails half-way: which, at what, with what SQL, and what was applied before it', async () => {
  const error = await app.refuses({
    change: {
      ...migration('0002_works', '0001_initial', WORKS),
      ...migration('0003_fails', '0002_works', 'migrations.RunSQL("ALTER TABLE plots_nothing ADD COLUMN x integer")'),
    },
    exit: 4,
    code: 'MIGRATION_FAILED',
    message: /plots\.0003_fails.*RunSQL/,
    detail: /no such table: plots_nothing[\s\S]*ALTER TABLE plots_nothing ADD COLUMN x integer/,
  });
  assert.match(error.detail, /applied before it: plots\.0002_works/);
});

test('one that raises in Python is named as well', async () => {
  await app.refuses({
    change: {
      ...migration('0002_works', '0001_initial', WORKS),
      'plots/migrations/0003_raises.py': `from django.db import migrations


def explode(apps, schema_editor):
    raise ValueError("half of the rows")


class Migration(migrations.Migration):
    dependencies = [("plots", "0002_works")]
    operations = [migrations.RunPython(explode)]
`,
    },
    exit: 4,
    code: 'MIGRATION_FAILED',
    message: /plots\.0003_raises/,
    detail: /ValueError: half of the rows/,
  });
});

test('two follow the same one', async () => {
  await app.refuses({
    change: {
      ...migration('0002_works', '0001_initial', WORKS),
      ...migration('0003_one', '0002_works', ''),
      ...migration('0003_other', '0002_works', ''),
    },
    exit: 4,
    code: 'MIGRATIONS_CONFLICT',
    message: /plots/,
    detail: /0003_one[\s\S]*0003_other|0003_other[\s\S]*0003_one/,
    hint: /makemigrations --merge/,
  });
});

test('a field that no migration makes', async () => {
  await app.refuses({
    change: {
      'plots/models.py': (text) =>
        text.replace(/^(class \w+\(models\.Model\):\n)/m, '$1    forgotten = models.CharField(max_length=9, default="")\n'),
    },
    exit: 4,
    code: 'MIGRATIONS_MISSING',
    message: /plots/,
    detail: /forgotten/i,
    hint: /python manage\.py makemigrations plots/,
  });
});

test('one that cannot be imported', async () => {
  await app.refuses({
    change: { 'plots/migrations/0002_broken.py': 'from django.db import migration\n' },
    exit: 4,
    code: 'MIGRATION_FAILED',
    detail: /cannot import name 'migration'/,
  });
});

test('one that waits for a name that is not there', async () => {
  await app.refuses({
    change: migration('0002_lost', '0009_nowhere', ''),
    exit: 4,
    code: 'MIGRATION_FAILED',
    detail: /0009_nowhere/,
  });
});

test('after all that, one that works goes through, and what had been applied stays', async () => {
  const { project } = app;
  const { changeFiles } = await import('../../support/serving.js');
  changeFiles(project.directory, {
    ...migration('0002_works', '0001_initial', WORKS),
    ...migration(
      '0003_works',
      '0002_works',
      'migrations.RunSQL("ALTER TABLE plots_extra ADD COLUMN x integer", migrations.RunSQL.noop)',
    ),
  });
  const next = await project.up();
  assert.equal(next['changed'], true);
});
