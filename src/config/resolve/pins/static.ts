import type { Warning } from '../../../core/failure.js';
import type { Pin } from '../../../core/pin.js';
import { isLocal } from '../origin.js';
import { type Area, django, folderType, hold, isExplicit, merge, type PinContext, text, texts } from './context.js';
import { ownUrl } from './own-url.js';
import { storageBackend } from './storages.js';
import { servedPath } from './url-path.js';

const PLAIN = 'django.contrib.staticfiles.storage.StaticFilesStorage';
/** Django's, but a page that names a missing file is still a page: python/slipway_runtime/staticfiles.py */
const HASHED = 'slipway_runtime.staticfiles.ManifestStaticFilesStorage';

/** Storages of django-storages that are accounts elsewhere, and what projects derive from them. https://django-storages.readthedocs.io/ */
const BUCKET = /^storages\.backends\.(?!sftp)|S3|Boto|Azure|GCloud|GoogleCloud|\bGCS/;

/** Static files in a folder the edge serves, under names that change with their content where the project allows it. */
export function staticFiles(context: PinContext): Area {
  const storage = staticStorage(context);
  const url = servedPath(ownUrl(context, 'STATIC_URL'), '/static/');
  return {
    pins: [
      hold('STATIC_ROOT', context.place.paths.static, 'the edge serves this folder', folderType(context, 'STATIC_ROOT')),
      ...(url === text(context, 'STATIC_URL')
        ? []
        : [hold('STATIC_URL', url, 'the edge serves static files below one path of the site', 'str')]),
      ...(storage.pins ?? []),
      ...shipped(context),
    ],
    warnings: [...(storage.warnings ?? []), ...ignored(context)],
  };
}

/** Files that lie in the project's own STATIC_ROOT and nowhere else would be lost with it: they are collected like all others, the last of all. */
function shipped(context: PinContext): Pin[] {
  const folder = context.project.shippedStatic?.value;
  const own = `${context.probed}/${folder}`;
  if (folder === undefined || !django(context, '1.11') || trimmed(text(context, 'STATIC_ROOT')) !== own) return [];
  if (texts(context, 'STATICFILES_DIRS').some((path) => trimmed(path) === own)) return [];
  const reason = `the project ships files in ${folder}`;
  return [
    hold('SLIPWAY_SHIPPED_STATIC', `${context.place.paths.source}/${folder}`, reason, 'str'),
    { name: 'STATICFILES_FINDERS', op: 'extend', value: ['slipway_runtime.staticfiles.ShippedFinder'], reason },
  ];
}

const trimmed = (path: string): string => path.replace(/\/+$/, '');

/**
 * The storage of static files: hashed names where collectstatic came through with them (or has yet to try), else plain ones and a word about why.
 * A storage of the project's own that does more than the plain one stays, unless it is what failed.
 */
export function staticStorage(context: PinContext): Area {
  const named = storageBackend(context, 'staticfiles') ?? PLAIN;
  const isAway = isLocal(context.place) && BUCKET.test(named);
  const own = isAway ? PLAIN : named;
  const attempt = context.staticAttempt;
  if (attempt === undefined || attempt.hashed) {
    const reason = isAway
      ? 'the edge serves static files, rather than an account of the owner elsewhere'
      : 'names that change with the content may be cached for ever';
    return own === PLAIN ? { pins: [pin(context, HASHED, reason)] } : {};
  }
  const hashes = own === PLAIN || /Manifest/.test(own);
  if (!hashes) return {};
  return {
    pins: named === PLAIN ? [] : [pin(context, PLAIN, 'collectstatic fails with hashed names')],
    warnings: [unhashed(attempt.problem)],
  };
}

function pin(context: PinContext, backend: string, reason: string): Pin {
  if (usesStorages(context)) return merge('STORAGES', { staticfiles: { BACKEND: backend } }, reason);
  return hold('STATICFILES_STORAGE', backend, reason, 'str');
}

/** From 4.2 there is STORAGES, until 5.1 beside the old name; both at once is an error. */
export function usesStorages(context: PinContext): boolean {
  if (!django(context, '4.2')) return false;
  return django(context, '5.1') || !(isExplicit(context, 'STATICFILES_STORAGE') || isExplicit(context, 'DEFAULT_FILE_STORAGE'));
}

function unhashed(problem: string): Warning {
  return {
    code: 'static-unhashed',
    message: `static files keep their names and are cached briefly, because collectstatic with hashed names says: ${problem}`,
    hint: 'mend or remove the reference it names',
  };
}

/** https://docs.djangoproject.com/en/5.1/releases/5.1/#features-removed-in-5-1: they are ignored without a word. */
function ignored(context: PinContext): Warning[] {
  if (!django(context, '5.1')) return [];
  return ['STATICFILES_STORAGE', 'DEFAULT_FILE_STORAGE']
    .filter((name) => isExplicit(context, name))
    .map((name) => ({
      code: 'ignored-setting',
      message: `Django ${context.facts.django} ignores ${name}`,
      hint: `say it in STORAGES: https://docs.djangoproject.com/en/stable/ref/settings/#storages`,
    }));
}
