import { djangoAtLeast, isSet } from '../ask.js';
import type { Rule } from '../rule.js';

export const processRules: readonly Rule[] = [
  {
    id: 'processes.development-server',
    severity: 'warning',
    title: 'The development server is started in production',
    page: {
      what: 'A Procfile, a Dockerfile or a unit of the project starts `manage.py runserver`.',
      risk: 'It is one process, not audited, and made to be restarted at every change: slow for two visitors, and a way in for a third.',
      mend: 'Gunicorn or another application server.',
      slipway: 'Starts an application server instead.',
    },
    find: ({ reading, resolved }) =>
      reading.developmentServers.map((where) => ({
        message: 'manage.py runserver is started here',
        hint: 'gunicorn PROJECT.wsgi',
        where,
        handled: resolved !== undefined,
      })),
  },
  {
    id: 'tasks.immediate',
    severity: 'warning',
    title: 'Tasks run inside the request',
    page: {
      what: 'The project uses Django’s tasks, and TASKS is not set: the default backend runs each at once, in the request that asked for it.',
      risk: 'The visitor waits for the mail server; a slow task occupies a worker; a failed one is never tried again.',
      mend: 'A backend with a worker, such as `django_tasks_db.DatabaseBackend` and `manage.py db_worker`.',
    },
    find: (evidence) => {
      const [first] = evidence.reading.taskImports;
      if (first === undefined || !djangoAtLeast(evidence, '6.0') || isSet(evidence, 'TASKS')) return [];
      return [
        {
          message: 'tasks are used and TASKS is not set: they run inside the request',
          hint: 'pip install django-tasks-db   # and set TASKS',
          where: first,
        },
      ];
    },
  },
];
