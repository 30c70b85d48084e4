import type { Evidence } from '../evidence.js';
import type { Hit, Rule } from '../rule.js';

/** Operations without which the code of today cannot read its tables. */
const STRUCTURAL = /^(CreateModel|AddField|RenameField|RenameModel|AlterModelTable|RemoveField|DeleteModel)$/;
const SHOWN = 3;

export const migrationRules: readonly Rule[] = [
  {
    id: 'migrations.missing',
    severity: 'error',
    title: 'Models have changed and no migration says so',
    page: {
      what: '`makemigrations --check` would write a new migration for an app of the project.',
      risk: 'The code asks for columns that the database does not have: every page that does is an error page, from the moment of the switch.',
      mend: '`python manage.py makemigrations`, look at it, commit it. Never make migrations on the server.',
      slipway: '`up` refuses where a table or a column would be missing, and says so of the rest.',
    },
    find: missing,
  },
  {
    id: 'migrations.conflict',
    severity: 'error',
    title: 'Two migrations follow the same one',
    page: {
      what: 'Two branches each brought a migration, and nothing joins them.',
      risk: '`migrate` refuses to run.',
      mend: '`python manage.py makemigrations --merge`',
    },
    find: ({ drift }) =>
      (drift?.conflicts ?? []).map(({ app, names }) => ({
        message: `in ${app}, ${names.join(' and ')} follow the same migration`,
        hint: 'python manage.py makemigrations --merge',
      })),
  },
  {
    id: 'migrations.none',
    severity: 'warning',
    title: 'An app has models and no migrations at all',
    page: {
      what: 'There is no `migrations` package, or it is empty, often because `.gitignore` leaves it out.',
      risk: 'Tables are made once, and never change with their models again. Each machine that makes its own migrations has another history.',
      mend: '`python manage.py makemigrations APP`, and commit the folder.',
      slipway:
        'Makes migrations of its own and keeps them with the data, so that tables follow their models. Another machine makes others. Once the project brings its own, those count.',
    },
    find: ({ drift }) =>
      (drift?.without ?? []).map((app) => ({
        message: `${app} has models and no migrations`,
        hint: `python manage.py makemigrations ${app}`,
      })),
  },
  {
    id: 'migrations.of-others',
    severity: 'info',
    title: 'Models of an installed app differ from its migrations',
    page: {
      what: '`makemigrations` would write a migration into an installed package: mostly DEFAULT_AUTO_FIELD or a setting of the package that changes its models.',
      risk: 'Somebody runs `makemigrations` on a server, and its history is no longer that of anybody else.',
      mend: 'Set DEFAULT_AUTO_FIELD to what the package was made with, or update it.',
    },
    find: ({ drift }) =>
      (drift?.missing ?? [])
        .filter(({ own }) => !own)
        .map(({ app, operations }) => ({
          message: `${app}, an installed app, has changes that none of its migrations makes: ${some(operations)}`,
          hint: "DEFAULT_AUTO_FIELD = 'django.db.models.AutoField', or a newer version of it",
        })),
  },
];

const some = (operations: readonly string[]): string =>
  [...operations.slice(0, SHOWN), ...(operations.length > SHOWN ? [`${operations.length - SHOWN} more`] : [])].join(', ');

function missing({ drift }: Evidence): Hit[] {
  return (drift?.missing ?? [])
    .filter(({ own }) => own)
    .map(({ app, operations, kinds }) => ({
      message: `${app} has changes that no migration makes: ${some(operations)}`,
      hint: `python manage.py makemigrations ${app}`,
      severity: kinds.some((kind) => STRUCTURAL.test(kind)) ? 'error' : 'warning',
    }));
}
