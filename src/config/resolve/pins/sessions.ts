import { type Area, hasApp, hold, isInSource, type PinContext, text } from './context.js';

/** Sessions that every process sees and that outlive a release. */
export function sessions(context: PinContext): Area {
  const engine = text(context, 'SESSION_ENGINE');
  if (engine.endsWith('.file')) return inFiles(context);
  if (!/\.(cache|cached_db)$/.test(engine) || !cacheIsAlone(context)) return {};
  const shared = hasApp(context, 'django.contrib.sessions') ? 'db' : 'signed_cookies';
  const reason = 'sessions in a cache in memory are known to one process only, and log-ins come and go';
  return { pins: [hold('SESSION_ENGINE', `django.contrib.sessions.backends.${shared}`, reason, 'str')] };
}

function inFiles(context: PinContext): Area {
  const path = text(context, 'SESSION_FILE_PATH');
  if (path !== '' && !isInSource(context, path)) return {};
  return { pins: [hold('SESSION_FILE_PATH', `${context.place.paths.data}/sessions`, 'sessions outlive a release', 'str')] };
}

/** In memory, or nowhere, and not about to become shared. */
function cacheIsAlone(context: PinContext): boolean {
  const backend = context.facts.caches[text(context, 'SESSION_CACHE_ALIAS') || 'default']?.backend ?? '';
  return /dummy/i.test(backend) || (/locmem/i.test(backend) && context.redis === undefined);
}
