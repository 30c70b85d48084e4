import type { VariableType } from '../../core/project.js';
import type { Expr } from '../python/ast.js';
import { external, type Modules, resolve } from './resolve.js';
import type { Binding, Scope } from './scope.js';

/** One reading of the environment, its key still an expression. */
export interface Access {
  readonly key: Expr;
  readonly type: VariableType;
  readonly separator?: string;
  readonly fallback?: Expr;
  /** What happens when the variable is not set and there is no fallback. */
  readonly absent: 'raises' | 'none';
  /** By a function of the project, so that what it gives for an unset variable is its own affair. */
  readonly indirect?: boolean;
  /** Put in front of the key. */
  readonly prefix?: string;
}

type Call = Extract<Expr, { kind: 'call' }>;

const text = (value: string, line: number): Expr => ({ kind: 'string', value, line });

const keyword = (call: Call, name: string): Expr | undefined => call.keywords.find((one) => one.name === name)?.value;

const isEnviron = (name: string | undefined): boolean => name === 'os.environ' || name === 'os.environb';

/** The environment access an expression is, if it is one. */
export function accessOf(expr: Expr, scope: Scope, modules: Modules): Access | undefined {
  if (expr.kind === 'index') return subscript(expr.object, expr.index, scope, modules);
  if (expr.kind === 'binary' && /^(not )?in$/.test(expr.operator)) {
    return isEnviron(external(expr.right, scope, modules)) ? { key: expr.left, type: 'string', absent: 'none' } : undefined;
  }
  return expr.kind === 'call' ? called(expr, scope, modules) : undefined;
}

function subscript(object: Expr, key: Expr, scope: Scope, modules: Modules): Access | undefined {
  const binding = resolve(object, scope, modules);
  if (binding?.kind === 'external' && isEnviron(binding.name)) return { key, type: 'string', absent: 'raises' };
  return binding?.kind === 'overlay' ? overlaid(binding, key, undefined, 'raises') : undefined;
}

function overlaid(
  binding: Extract<Binding, { kind: 'overlay' }>,
  key: Expr,
  given: Expr | undefined,
  absent: 'raises' | 'none',
): Access {
  const fallback = (key.kind === 'string' ? binding.defaults.get(key.value) : undefined) ?? given;
  return { key, type: 'string', absent, ...(fallback === undefined ? {} : { fallback }) };
}

function called(call: Call, scope: Scope, modules: Modules): Access | undefined {
  const name = external(call.callee, scope, modules);
  if (name !== undefined) return byLibrary(call, name);
  if (call.callee.kind === 'name') {
    const binding = resolve(call.callee, scope, modules);
    if (binding?.kind === 'env') return environ(call, '', binding);
  }
  if (call.callee.kind !== 'member') return undefined;
  const object = resolve(call.callee.object, scope, modules);
  if (object?.kind === 'env') return environ(call, call.callee.name, object);
  const [key, fallback] = call.args;
  if (object?.kind === 'overlay' && call.callee.name === 'get' && key !== undefined)
    return overlaid(object, key, fallback, 'none');
  return undefined;
}

function byLibrary(call: Call, name: string): Access | undefined {
  const [key, second] = call.args;
  if (/^os\.(environ\.(get|pop)|getenv)$/.test(name)) {
    const named = key ?? keyword(call, 'key');
    const fallback = second ?? keyword(call, 'default');
    if (named === undefined) return undefined;
    return {
      key: named,
      type: 'string',
      absent: name.endsWith('pop') ? 'raises' : 'none',
      ...(fallback === undefined ? {} : { fallback }),
    };
  }
  if (name === 'decouple.config' || name === '@config') return decouple(call);
  const urls = URL_READERS[name];
  if (urls === undefined) return undefined;
  const fallback = keyword(call, 'default') ?? (name === 'dj_database_url.config' ? undefined : second);
  const own = keyword(call, 'env') ?? (name === 'dj_database_url.config' ? undefined : key) ?? text(urls, call.line);
  return { key: own, type: 'url', absent: 'none', ...(fallback === undefined ? {} : { fallback }) };
}

/** `config()` of the *-url libraries, with the variable they read by default. */
const URL_READERS: Readonly<Record<string, string>> = {
  'dj_database_url.config': 'DATABASE_URL',
  'dj_email_url.config': 'EMAIL_URL',
  'django_cache_url.config': 'CACHE_URL',
  'dj_cache_url.config': 'CACHE_URL',
  'dj_search_url.config': 'SEARCH_URL',
};

const CASTS: Readonly<Record<string, VariableType>> = {
  bool: 'bool',
  strtobool: 'bool',
  int: 'int',
  float: 'int',
  list: 'list',
  tuple: 'list',
  set: 'list',
  json: 'json',
  loads: 'json',
  Path: 'path',
  path: 'path',
};

/** https://github.com/HBNetwork/python-decouple */
function decouple(call: Call): Access | undefined {
  const [key, second, third] = call.args;
  if (key === undefined) return undefined;
  const fallback = keyword(call, 'default') ?? second;
  const cast = castOf(keyword(call, 'cast') ?? third);
  return { key, absent: 'raises', ...cast, ...(fallback === undefined ? {} : { fallback }) };
}

/** The type a `cast=` argument makes: a type, `Csv()`, or a function that splits. */
function castOf(expr: Expr | undefined): { type: VariableType; separator?: string } {
  if (expr === undefined) return { type: 'string' };
  if (expr.kind === 'name' || expr.kind === 'member') return { type: CASTS[expr.name] ?? 'string' };
  if (expr.kind === 'call' && expr.callee.kind === 'name' && expr.callee.name === 'Csv') {
    const delimiter = keyword(expr, 'delimiter');
    return { type: 'list', separator: delimiter?.kind === 'string' ? delimiter.value : ',' };
  }
  if (expr.kind === 'other') {
    const split = /\.split\(\s*(?:["'](.)["'])?/.exec(expr.text);
    if (split !== null) return { type: 'list', separator: split[1] ?? ' ' };
    if (/json\.loads/.test(expr.text)) return { type: 'json' };
  }
  return { type: 'string' };
}

/** Methods of django-environ and environs, the variable they read without being told, and what they make of it. */
const METHODS: Readonly<Record<string, readonly [VariableType, string?]>> = {
  '': ['string'],
  str: ['string'],
  unicode: ['string'],
  bytes: ['string'],
  get_value: ['string'],
  bool: ['bool'],
  int: ['int'],
  float: ['int'],
  decimal: ['int'],
  list: ['list'],
  tuple: ['list'],
  dict: ['string'],
  json: ['json'],
  url: ['url'],
  path: ['path'],
  date: ['string'],
  datetime: ['string'],
  time: ['string'],
  timedelta: ['string'],
  uuid: ['string'],
  log_level: ['string'],
  enum: ['string'],
  db: ['url', 'DATABASE_URL'],
  db_url: ['url', 'DATABASE_URL'],
  dj_db_url: ['url', 'DATABASE_URL'],
  cache: ['url', 'CACHE_URL'],
  cache_url: ['url', 'CACHE_URL'],
  dj_cache_url: ['url', 'CACHE_URL'],
  email: ['url', 'EMAIL_URL'],
  email_url: ['url', 'EMAIL_URL'],
  dj_email_url: ['url', 'EMAIL_URL'],
  search_url: ['url', 'SEARCH_URL'],
  channels: ['url', 'CHANNELS_URL'],
  channels_url: ['url', 'CHANNELS_URL'],
};

const isCast = (expr: Expr | undefined): boolean =>
  expr?.kind === 'name' && (CASTS[expr.name] !== undefined || expr.name === 'str');

/** Of django-environ's, those whose second argument is a cast, whatever it looks like: `env.list("X", [])` has no default. */
const CAST_SECOND = /^(list|tuple|dict)$/;

function environ(call: Call, method: string, { scheme, library }: Extract<Binding, { kind: 'env' }>): Access | undefined {
  const known = METHODS[method];
  if (known === undefined) return undefined;
  const [type, own] = known;
  const [given, second, third] = call.args;
  const key = given ?? keyword(call, 'var') ?? keyword(call, 'name') ?? (own === undefined ? undefined : text(own, call.line));
  if (key === undefined) return undefined;
  const entry = key.kind === 'string' ? scheme.get(key.value) : undefined;
  const castSecond = isCast(second) || (library === 'environ' && CAST_SECOND.test(method));
  const cast = keyword(call, 'cast') ?? (castSecond ? second : undefined);
  const fallback = keyword(call, 'default') ?? keyword(call, 'missing') ?? (castSecond ? third : second) ?? entry?.fallback;
  const made = method === '' && cast !== undefined ? castOf(cast) : { type: method === '' ? (entry?.type ?? type) : type };
  const separated = made.type === 'list' ? { separator: ',' } : {};
  return { key, absent: 'raises', ...separated, ...made, ...(fallback === undefined ? {} : { fallback }) };
}
