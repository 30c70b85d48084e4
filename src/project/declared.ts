import type { Packages } from './dependencies/packages.js';
import { distributionsOf, WITH_DJANGO } from './distributions.js';
import { STANDARD_LIBRARY } from './standard-library.js';

/** Distributions that bring import names of others, so that these need not be declared. */
const BRINGS: Readonly<Record<string, readonly string[]>> = {
  wagtail: [
    'modelcluster',
    'taggit',
    'treebeard',
    'rest_framework',
    'PIL',
    'bs4',
    'draftjs_exporter',
    'requests',
    'willow',
    'django_tasks',
    'django_filters',
    'anyascii',
    'l18n',
    'openpyxl',
    'permissionedforms',
    'telepath',
    'laces',
  ],
  celery: ['kombu', 'amqp', 'billiard', 'vine', 'dateutil', 'click'],
  'django-allauth': ['requests', 'oauthlib', 'jwt'],
  'crispy-bootstrap5': ['crispy_forms'],
  'crispy-bootstrap4': ['crispy_forms'],
  'crispy-tailwind': ['crispy_forms'],
  'strawberry-graphql-django': ['strawberry'],
  'dj-rest-auth': ['rest_framework'],
  'djangorestframework-simplejwt': ['rest_framework', 'jwt'],
  'drf-spectacular': ['rest_framework', 'yaml'],
  'django-compressor': ['appconf', 'rcssmin', 'rjsmin'],
  'django-cms': ['treebeard', 'classytags', 'sekizai'],
  'social-auth-app-django': ['social_core'],
  requests: ['urllib3', 'certifi', 'idna'],
  boto3: ['botocore', 's3transfer'],
  channels: ['daphne'],
  'django-redis': ['redis'],
  'channels-redis': ['redis', 'msgpack'],
  'django-rq': ['rq', 'redis'],
  'sentry-sdk': ['urllib3', 'certifi'],
};

/** Whether an import is served by what the project declares, by Django, or by Python itself. */
export function isDeclared(module: string, packages: Packages): boolean {
  const top = module.split('.')[0] ?? module;
  if (STANDARD_LIBRARY.has(top) || WITH_DJANGO.has(top)) return true;
  if (distributionsOf(top).some((name) => packages.has(name))) return true;
  if ([...packages.keys()].some((name) => BRINGS[name]?.includes(top) === true)) return true;
  // google.cloud.storage comes from google-cloud-storage, and the like.
  const parts = module.toLowerCase().replaceAll('_', '-').split('.');
  const dashed = parts.map((_, at) => parts.slice(0, at + 1).join('-'));
  return [...packages.keys()].some(
    (name) =>
      dashed.includes(name) ||
      name.startsWith(`${top.replaceAll('_', '-').toLowerCase()}-`) ||
      name === `django-${top.replaceAll('_', '-').toLowerCase()}`,
  );
}
