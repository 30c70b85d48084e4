import { type Area, entries, hasApp, hold, isDict, merge, type PinContext, value } from './context.js';

const DEVELOPMENT_APPS = ['debug_toolbar', 'silk', 'django_browser_reload', 'nplusone.ext.django'];

/** DEBUG off, everywhere. */
export function debug(context: PinContext): Area {
  const left = DEVELOPMENT_APPS.filter((name) => hasApp(context, name));
  return {
    pins: [
      hold('DEBUG', false, 'error pages of a debugging site show its source and its settings to everyone', 'bool'),
      ...templates(context),
      ...toolbar(context),
    ],
    warnings: left.map((name) => ({
      code: 'development-app',
      message: `${name} is in INSTALLED_APPS whatever DEBUG says; it stays, switched off by DEBUG`,
      hint: `put ${name} behind \`if DEBUG:\` in ${context.project.settings.value}`,
    })),
  };
}

/** A callback of the project's own can show it to everybody, and on pages whose URLs lack it it breaks every page: https://django-debug-toolbar.readthedocs.io/en/latest/configuration.html */
function toolbar(context: PinContext) {
  if (!hasApp(context, 'debug_toolbar')) return [];
  const value = { SHOW_TOOLBAR_CALLBACK: 'slipway_runtime.toolbar.hidden' };
  return [merge('DEBUG_TOOLBAR_CONFIG', value, 'the debug toolbar shows settings, queries and requests')];
}

// Only a literal is left to be true once DEBUG is held: what was written as `'debug': DEBUG` follows it, but here both look alike.
function templates(context: PinContext) {
  const known = value(context, 'TEMPLATES');
  const engines = Array.isArray(known) ? known : [];
  const debugging = engines.flatMap((engine, index) =>
    isDebugging(engine) ? [[String(index), { OPTIONS: { debug: false } }] as const] : [],
  );
  if (debugging.length === 0) return [];
  return [merge('TEMPLATES', Object.fromEntries(debugging), 'template errors must not show source to visitors')];
}

function isDebugging(engine: unknown): boolean {
  if (!isDict(engine)) return false;
  return entries(engine['OPTIONS']).some(([name, set]) => name === 'debug' && set === true);
}
