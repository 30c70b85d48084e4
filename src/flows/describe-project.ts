import type { Project } from '../core/project.js';

const SERVICE_NAMES: Readonly<Record<string, string>> = {
  sqlite: 'SQLite',
  postgresql: 'PostgreSQL',
  mysql: 'MySQL',
  oracle: 'Oracle',
  redis: 'Redis',
  memcached: 'Memcached',
  rabbitmq: 'RabbitMQ',
  elasticsearch: 'Elasticsearch',
};

/** What the first line says of a project: `Django 5.2 · requirements.txt · WSGI · PostgreSQL · Celery (worker, beat)`. */
export function describeProject(project: Project): string[] {
  const django =
    project.django === undefined ? 'Django' : `Django ${/\d+(\.\d+)?/.exec(project.django.value)?.[0] ?? project.django.value}`;
  const names = [...new Set(project.services.map(({ value }) => SERVICE_NAMES[value] ?? value))];
  const processes = project.processes.filter(({ kind }) => kind !== 'web').map(({ name }) => name);
  return [
    django,
    ...(project.python.preferred === undefined ? [] : [`Python ${project.python.preferred.value}`]),
    project.dependencies.files[0] ??
      (project.dependencies.manager.value === 'none' ? 'no requirements' : project.dependencies.manager.value),
    project.interface.value.toUpperCase(),
    ...names,
    ...(processes.length === 0 ? [] : [processes.join(', ')]),
  ];
}
