import { type Found, found } from '../core/found.js';
import { mentioning } from './mentions-of.js';
import { allStatements, dotted } from './python/walk.js';
import type { Sources } from './sources.js';

/** The gateway modules of the project, as `package.module:attribute`. */
export interface Applications {
  readonly wsgi?: Found<string>;
  readonly asgi?: Found<string>;
}

/** Which application a file defines at its top level, and how it is called. */
function definedIn(sources: Sources, path: string): Found<string> | undefined {
  const module = sources.parse(path);
  const name = sources.moduleOf(path);
  if (module === undefined || name === undefined) return undefined;
  for (const wanted of ['application', 'app', 'api']) {
    for (const stmt of allStatements(module.body)) {
      const here = stmt.kind === 'assign' && stmt.targets.some((target) => target.kind === 'name' && target.name === wanted);
      const imported = stmt.kind === 'from' && stmt.names.some((one) => one.as === wanted);
      const written = stmt.kind === 'function' && stmt.name === wanted && wanted === 'application';
      if (here || imported || written) return found(`${name}:${wanted}`, `${path}:${stmt.line}`);
    }
  }
  return undefined;
}

/** `WSGI_APPLICATION = "shop.wsgi.application"`, where that module is there. */
function fromSetting(sources: Sources, settings: Found<string> | undefined): Found<string> | undefined {
  const at = settings?.value.lastIndexOf('.') ?? -1;
  if (settings === undefined || at < 0) return undefined;
  const module = settings.value.slice(0, at);
  return sources.fileOf(module) === undefined ? undefined : found(`${module}:${settings.value.slice(at + 1)}`, settings.from);
}

/** The file nearest the settings, when several are there. */
function nearest(sources: Sources, name: string, settingsModule: string, mark: RegExp): Found<string> | undefined {
  const top = settingsModule.split('.')[0] ?? '';
  const files = sources.tree
    .named(`${name}.py`)
    .filter((path) => sources.moduleOf(path) !== undefined && mark.test(sources.tree.text(path) ?? ''));
  const score = (path: string): number => {
    const module = sources.moduleOf(path) ?? '';
    const wrong = /(^|\.)(tests?|examples?|docs?)(\.|$)/.test(module) ? 50 : 0;
    return wrong + (module.startsWith(`${top}.`) ? 0 : 10) + module.split('.').length;
  };
  const [best] = files.sort((a, b) => score(a) - score(b));
  return best === undefined ? undefined : definedIn(sources, best);
}

/** `settings` are the literal values of WSGI_APPLICATION and ASGI_APPLICATION. */
export function applications(
  sources: Sources,
  settingsModule: string,
  settings: { readonly wsgi?: Found<string>; readonly asgi?: Found<string> },
): Applications {
  const wsgi = fromSetting(sources, settings.wsgi) ?? nearest(sources, 'wsgi', settingsModule, /wsgi|application/i);
  const asgi =
    fromSetting(sources, settings.asgi) ?? nearest(sources, 'asgi', settingsModule, /asgi|application/i) ?? routing(sources);
  return { ...(wsgi === undefined ? {} : { wsgi }), ...(asgi === undefined ? {} : { asgi }) };
}

/** Channels 1 and 2 kept `application = ProtocolTypeRouter(…)` in routing.py. */
function routing(sources: Sources): Found<string> | undefined {
  const path = sources.tree.named('routing.py').find((file) => /ProtocolTypeRouter/.test(sources.tree.text(file) ?? ''));
  return path === undefined ? undefined : definedIn(sources, path);
}

interface Reason {
  readonly says: string;
  readonly from: string;
}

/** What in the code cannot be served over WSGI. */
function asgiReason(sources: Sources, installed: readonly Found<string>[]): Reason | undefined {
  const channels = installed.find(
    (app) => app.value === 'channels' || app.value.startsWith('channels.') || app.value === 'daphne',
  );
  for (const path of mentioning(sources.tree, 'ProtocolTypeRouter', 'websocket_urlpatterns', 'async def ')) {
    const text = sources.tree.text(path) ?? '';
    if (text.includes('ProtocolTypeRouter') && /["']websocket["']/.test(text))
      return { says: 'serves websockets', from: lineOf(path, text, 'websocket') };
    if (/websocket_urlpatterns/.test(text))
      return { says: 'has websocket routes', from: lineOf(path, text, 'websocket_urlpatterns') };
    if (/^\s*async def /m.test(text)) {
      const view = asyncView(sources, path, text);
      if (view !== undefined) return view;
    }
  }
  return channels === undefined ? undefined : { says: `${channels.value} is an installed app`, from: channels.from };
}

const lineOf = (path: string, text: string, part: string): string =>
  `${path}:${text.slice(0, text.indexOf(part)).split('\n').length}`;

/** An async function that takes a request in a views module, or an async method of a view class that is named after an HTTP method. */
function asyncView(sources: Sources, path: string, text: string): Reason | undefined {
  if (!/(^|\/)(views?|api|endpoints|handlers)([/._]|s?\/)/.test(path) && !/View\b|ninja|HttpResponse/.test(text))
    return undefined;
  for (const stmt of allStatements(sources.parse(path)?.body ?? [])) {
    if (stmt.kind === 'function' && stmt.async && stmt.parameters[0]?.name === 'request') {
      return { says: `has the async view ${stmt.name}`, from: `${path}:${stmt.line}` };
    }
    if (stmt.kind !== 'class' || !stmt.bases.some((base) => /View(Set)?$/.test(dotted(base) ?? ''))) continue;
    const method = stmt.body.find(
      (one) => one.kind === 'function' && one.async && /^(get|post|put|patch|delete|dispatch)$/.test(one.name),
    );
    if (method !== undefined) return { says: `has the async view ${stmt.name}`, from: `${path}:${method.line}` };
  }
  return undefined;
}

/** WSGI unless something needs ASGI: sync views are several times slower under ASGI. */
export function chooseInterface(
  sources: Sources,
  apps: Applications,
  installed: readonly Found<string>[],
): Found<'wsgi' | 'asgi'> {
  if (apps.asgi === undefined) return found('wsgi', apps.wsgi?.from ?? 'default');
  if (apps.wsgi === undefined) return found('asgi', `${apps.asgi.from}: there is no WSGI application`);
  const path = apps.asgi.from.replace(/:\d+$/, '');
  const text = sources.tree.text(path) ?? '';
  if (/FastAPI|Starlette|Quart|socketio|Litestar/i.test(text)) return found('asgi', `${path} mounts more than Django`);
  const reason = asgiReason(sources, installed);
  return reason === undefined ? found('wsgi', apps.wsgi.from) : found('asgi', `${reason.from} ${reason.says}`);
}
