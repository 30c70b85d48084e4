import { madeMigrations, madeModule } from '../made-migrations.js';
import { type Area, merge, type PinContext } from './context.js';

/**
 * An app without migrations gets its tables once and never another column, and none at all where others refer to them:
 * https://docs.djangoproject.com/en/stable/topics/migrations/#dependencies
 */
export function migrations(context: PinContext): Area {
  const made = madeMigrations(context);
  if (made === undefined) return {};
  const apps = made.labels.join(', ');
  const modules = Object.fromEntries(made.labels.map((label) => [label, madeModule(label)]));
  return {
    pins: [
      merge('MIGRATION_MODULES', modules, `the project brings no migrations of ${apps}: they are made and kept with the data`),
    ],
    warnings: [
      {
        code: 'migrations-made',
        message: `${apps} ${made.labels.length === 1 ? 'has' : 'have'} models and no migrations: they are made here, and another machine would make its own`,
        hint: `python manage.py makemigrations ${made.labels.join(' ')}   # and commit them`,
      },
    ],
  };
}
