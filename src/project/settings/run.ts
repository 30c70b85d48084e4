import type { Expr, Stmt } from '../python/ast.js';
import { bodyOf, dotted, expressionsOf, parts as partsOf, within } from '../python/walk.js';
import type { Sources } from '../sources.js';
import { parentOf } from '../tree.js';
import type { Access } from './access.js';
import { classBody } from './classes.js';
import { evaluate, readingOf } from './evaluate.js';
import { bindingOf, importBinding, missingPath, starNames } from './imports.js';
import { includedFiles } from './includes.js';
import { type Certainty, emptyOutcome, type Outcome, type Read } from './outcome.js';
import { external, resolve } from './resolve.js';
import type { Binding, BoundValue, Scope } from './scope.js';
import { isValues, truth, type Value } from './value.js';

/** Where a statement stands: how sure it is that it runs, and what becomes of what it computes. */
export interface Place {
  readonly certainty: Certainty;
  /** In a `try` whose handlers go on without what failed. */
  readonly guarded: boolean;
  /** Imports may fail here. */
  readonly optionalImport: boolean;
  readonly setting?: string;
  /** Inside the arguments of a call, so that a value goes into the setting only in part. */
  readonly inCall: boolean;
  /** Put before every name that an `env` object reads: `with env.prefixed("SHOP_")`. */
  readonly prefix: string;
}

const TOP: Place = { certainty: 'sure', guarded: false, optionalImport: false, inCall: false, prefix: '' };
/** Whether a block is gone through to its end, or returned from. */
type Flow = 'on' | 'left' | 'perhaps left';

const MAX_FILES = 60;
const MAX_CALLS = 200;
/** A function that is called with other arguments may read other things. */
const MAX_ENTRIES = 4;

/**
 * Follows the settings from their first line to the last, as Python would with an empty environment and DEBUG off, and notes what they read.
 * Nothing is run; what cannot be known is taken as possible.
 */
export function runSettings(sources: Sources, module: string, configuration?: string): Outcome {
  const run = new Run(sources, configuration);
  const parts = module.split('.');
  const packages = parts.slice(1).map((_, at) => parts.slice(0, at + 1).join('.'));
  for (const name of [...packages, module]) {
    const file = sources.fileOf(name);
    if (file !== undefined) run.module(file, name === module ? 'settings' : 'import');
  }
  return run.outcome;
}

class Run {
  readonly outcome = emptyOutcome();
  readonly #scopes = new Map<string, Scope>();
  /** How often a function was gone into, by how sure it was to be called. */
  readonly #called = new Map<Stmt, number>();
  readonly #modules = (path: string): Scope | undefined => this.#scopes.get(path) ?? this.module(path, 'import');

  constructor(
    readonly sources: Sources,
    readonly configuration: string | undefined,
  ) {}

  /** Reads a file once; names it assigns are settings only where it is part of them. */
  module(path: string, role: 'settings' | 'import', place: Place = TOP): Scope | undefined {
    const known = this.#scopes.get(path);
    if (known !== undefined) return known;
    const parsed = this.#scopes.size < MAX_FILES ? this.sources.parse(path) : undefined;
    if (parsed === undefined) return undefined;
    const scope: Scope = { path, names: new Map() };
    this.#scopes.set(path, scope);
    this.outcome.files.push(path);
    this.#block(parsed.body, scope, { ...place, ...(role === 'import' ? { setting: '' } : {}) });
    return scope;
  }

  #block(body: readonly Stmt[], scope: Scope, place: Place): Flow {
    let flow: Flow = 'on';
    for (const stmt of body) {
      const certainty =
        flow === 'left' ? 'never' : flow === 'perhaps left' && place.certainty === 'sure' ? 'maybe' : place.certainty;
      const next = this.#statement(stmt, scope, { ...place, certainty });
      if (next !== 'on' && flow !== 'left') flow = next;
    }
    return flow;
  }

  #statement(stmt: Stmt, scope: Scope, place: Place): Flow {
    switch (stmt.kind) {
      case 'if':
        return this.#if(stmt, scope, place);
      case 'try':
        return this.#try(stmt, scope, place);
      case 'return':
        for (const expr of stmt.values) this.#expression(expr, scope, place);
        return 'left';
      default:
        this.#simple(stmt, scope, place);
        return 'on';
    }
  }

  #simple(stmt: Stmt, scope: Scope, place: Place): void {
    switch (stmt.kind) {
      case 'import':
      case 'from':
        this.#import(stmt, scope, place);
        return;
      case 'function':
        scope.names.set(stmt.name, { kind: 'function', stmt, scope });
        return;
      case 'class':
        this.#class(stmt, scope, place);
        return;
      case 'assign':
        this.#assign(stmt, scope, place);
        return;
      case 'update':
        this.#update(stmt, scope, place);
        return;
      case 'for':
        this.#for(stmt, scope, place);
        return;
      case 'block':
        this.#with(stmt, scope, place);
        return;
      default:
        for (const expr of expressionsOf(stmt)) this.#expression(expr, scope, place);
    }
  }

  #import(stmt: Extract<Stmt, { kind: 'import' | 'from' }>, scope: Scope, place: Place): void {
    const from = `${scope.path}:${stmt.line}`;
    const wanted = importBinding(this.sources, scope.path, stmt);
    for (const name of wanted.outside) {
      this.outcome.imports.push({ module: name, from, certainty: place.certainty, guarded: place.optionalImport });
    }
    for (const name of wanted.absent) {
      const path = missingPath(this.sources, name);
      this.outcome.missing.push({ module: name, path, from, certainty: place.certainty, guarded: place.optionalImport });
    }
    for (const [name, binding] of wanted.names) scope.names.set(name, binding);
    for (const { file, names } of wanted.files) {
      const isSettings = place.setting === undefined && stmt.kind === 'from' && stmt.star;
      const other = this.module(file, isSettings ? 'settings' : 'import', { ...place });
      if (stmt.kind === 'from' && stmt.star && other !== undefined) {
        for (const [name, binding] of starNames(other)) scope.names.set(name, binding);
      }
      for (const { name, as } of names) {
        const binding = other?.names.get(name);
        if (binding !== undefined) scope.names.set(as, binding);
      }
    }
  }

  #class(stmt: Extract<Stmt, { kind: 'class' }>, scope: Scope, place: Place): void {
    scope.names.set(stmt.name, { kind: 'class', stmt, scope });
    const body = classBody(stmt, scope, this.#modules);
    for (const read of body.reads) this.#note(read.access, scope, read.line, { ...place, setting: read.setting }, read.key);
    if (body.kind === 'fields') return;
    const chosen = this.configuration === undefined || stmt.name === this.configuration;
    const inner: Scope = { path: scope.path, names: new Map(), outer: scope };
    this.#block(stmt.body, inner, chosen ? place : { ...place, certainty: place.certainty === 'never' ? 'never' : 'maybe' });
  }

  #assign(stmt: Extract<Stmt, { kind: 'assign' }>, scope: Scope, place: Place): void {
    const [first] = stmt.targets;
    const setting = first === undefined ? undefined : this.#settingOf(first);
    const inner = setting === undefined || place.setting === '' ? place : { ...place, setting };
    this.#expression(stmt.value, scope, inner);
    const binding = bindingOf(stmt.value, scope, this.#modules) ?? this.#valueOf(stmt.value, scope);
    for (const target of stmt.targets) {
      if (target.kind === 'name') this.#bind(target.name, binding, scope, place, stmt.line);
      else if (target.kind === 'tuple') for (const item of target.items) if (item.kind === 'name') scope.names.delete(item.name);
    }
  }

  #bind(name: string, binding: ReturnType<typeof bindingOf>, scope: Scope, place: Place, line: number): void {
    if (binding === undefined) return;
    if (place.certainty === 'never') return;
    const held = name === 'DEBUG' && binding.kind === 'value' ? { ...binding, value: false } : binding;
    // What may or may not have been assigned is no longer known.
    const sure = place.certainty === 'sure' || held.kind !== 'value' || !scope.names.has(name);
    scope.names.set(
      name,
      sure ? held : { kind: 'value', value: undefined, variables: held.kind === 'value' ? held.variables : [] },
    );
    if (place.setting === undefined && /^[A-Z][A-Z0-9_]*$/.test(name)) {
      const value = held.kind === 'value' ? held.value : undefined;
      const known = place.certainty === 'sure' || !this.outcome.settings.has(name);
      this.outcome.settings.set(name, {
        value: known ? value : this.outcome.settings.get(name)?.value,
        from: `${scope.path}:${line}`,
      });
    }
  }

  #valueOf(expr: Expr, scope: Scope): BoundValue {
    return { kind: 'value', value: evaluate(expr, scope, this.#modules), variables: this.#variablesOf(expr, scope) };
  }

  /** Environment variables that flow into an expression. */
  #variablesOf(expr: Expr, scope: Scope): string[] {
    const names = [...within(expr)].flatMap((part) => {
      const access = readingOf(part, scope, this.#modules);
      const key = access === undefined ? undefined : this.#keyOf(access, scope, '');
      if (key !== undefined) return [key];
      const binding = part.kind === 'name' ? resolve(part, scope, this.#modules) : undefined;
      return binding?.kind === 'value' ? binding.variables : [];
    });
    return [...new Set(names)];
  }

  /** `DATABASES.default.NAME` for `DATABASES["default"]["NAME"]`; undefined for what is no setting. */
  #settingOf(target: Expr): string | undefined {
    if (target.kind === 'name') return /^_?[A-Z][A-Z0-9_]*$/.test(target.name) ? target.name : undefined;
    if (target.kind === 'tuple') return target.items[0] === undefined ? undefined : this.#settingOf(target.items[0]);
    if (target.kind !== 'index') return undefined;
    const object = this.#settingOf(target.object);
    if (object === undefined) return undefined;
    return target.index.kind === 'string' ? `${object}.${target.index.value}` : object;
  }

  #update(stmt: Extract<Stmt, { kind: 'update' }>, scope: Scope, place: Place): void {
    const setting = this.#settingOf(stmt.target);
    this.#expression(stmt.value, scope, setting === undefined || place.setting === '' ? place : { ...place, setting });
    if (stmt.target.kind === 'name' && stmt.operator === '+=') this.#extend(stmt.target.name, stmt.value, scope, place);
  }

  /** Adds to a list that is known so far. */
  #extend(name: string, value: Expr, scope: Scope, place: Place): void {
    const before = scope.names.get(name);
    const added = evaluate(value, scope, this.#modules);
    if (place.certainty === 'never' || before?.kind !== 'value' || !isValues(before.value) || !isValues(added)) return;
    const next: Value = [...before.value, ...added];
    scope.names.set(name, { ...before, value: next });
    const setting = this.outcome.settings.get(name);
    if (setting !== undefined) this.outcome.settings.set(name, { ...setting, value: next });
  }

  #if(stmt: Extract<Stmt, { kind: 'if' }>, scope: Scope, place: Place): Flow {
    let rest = place.certainty;
    let flow: Flow = 'on';
    for (const { test, body } of stmt.branches) {
      this.#expression(test, scope, { ...place, certainty: rest === 'never' ? 'never' : place.certainty });
      const outcome = rest === 'never' ? false : truth(evaluate(test, scope, this.#modules));
      const here = outcome === false ? 'never' : outcome === true ? rest : rest === 'never' ? 'never' : 'maybe';
      if (outcome === true && raises(body)) this.#require(this.#variablesOf(test, scope), place);
      const left = this.#block(body, scope, { ...place, certainty: here });
      if (outcome === true && rest === place.certainty) flow = left;
      else if (outcome !== false && left !== 'on') flow = 'perhaps left';
      if (outcome === true) rest = 'never';
      else if (outcome === undefined && rest !== 'never') rest = 'maybe';
    }
    if (raises(stmt.otherwise) && rest !== 'never') {
      for (const { test } of stmt.branches) this.#require(this.#variablesOf(test, scope), place);
    }
    const left = this.#block(stmt.otherwise, scope, { ...place, certainty: rest });
    if (rest === 'never' || left === 'on') return flow;
    return rest === place.certainty && flow === 'on' ? left : 'perhaps left';
  }

  #require(names: readonly string[], place: Place): void {
    if (place.certainty === 'never' || place.guarded) return;
    for (const name of names) {
      const read = this.outcome.reads.get(name);
      if (read !== undefined && read.fallback === undefined) read.required = true;
    }
  }

  #try(stmt: Extract<Stmt, { kind: 'try' }>, scope: Scope, place: Place): Flow {
    const going = stmt.handlers.filter((handler) => !raises(handler.body));
    const catches = (names: RegExp): boolean =>
      going.some((handler) => handler.caught.length === 0 || handler.caught.some((name) => names.test(name)));
    const flow = this.#block(stmt.body, scope, {
      ...place,
      guarded:
        place.guarded ||
        catches(
          /^(KeyError|LookupError|Exception|BaseException|ImproperlyConfigured|UndefinedValueError|EnvError|TypeError|AttributeError|ValueError)$/,
        ),
      optionalImport: place.optionalImport || catches(/^(ImportError|ModuleNotFoundError|Exception|BaseException)$/),
    });
    const unlikely: Place = { ...place, certainty: place.certainty === 'never' ? 'never' : 'maybe' };
    for (const handler of stmt.handlers) this.#block(handler.body, scope, unlikely);
    this.#block([...stmt.otherwise, ...stmt.last], scope, place);
    return flow === 'left' && stmt.handlers.length > 0 ? 'perhaps left' : flow;
  }

  /** A loop over names written out is followed for each of them. */
  #for(stmt: Extract<Stmt, { kind: 'for' }>, scope: Scope, place: Place): void {
    this.#expression(stmt.iterable, scope, place);
    const [target] = stmt.targets;
    const items = evaluate(stmt.iterable, scope, this.#modules);
    if (target?.kind === 'name' && stmt.targets.length === 1 && isValues(items) && items.length > 0 && items.length <= 50) {
      for (const value of items) {
        scope.names.set(target.name, { kind: 'value', value, variables: [] });
        this.#block(stmt.body, scope, place);
      }
      return;
    }
    this.#block(stmt.body, scope, { ...place, certainty: place.certainty === 'never' ? 'never' : 'maybe' });
  }

  #with(stmt: Extract<Stmt, { kind: 'block' }>, scope: Scope, place: Place): void {
    let prefix = place.prefix;
    for (const expr of stmt.head) {
      this.#expression(expr, scope, place);
      const added =
        expr.kind === 'call' && expr.callee.kind === 'member' && expr.callee.name === 'prefixed' ? expr.args[0] : undefined;
      if (added?.kind === 'string') prefix += added.value;
    }
    this.#block(bodyOf(stmt), scope, { ...place, prefix });
  }

  #expression(expr: Expr, scope: Scope, place: Place): void {
    const access = readingOf(expr, scope, this.#modules);
    if (access !== undefined) {
      this.#note(access, scope, expr.line, place);
      if (access.fallback !== undefined) this.#expression(access.fallback, scope, place);
      return;
    }
    switch (expr.kind) {
      case 'string':
        this.#text(expr, scope, place);
        return;
      case 'dict':
        this.#dict(expr, scope, place);
        return;
      case 'call':
        this.#call(expr, scope, place);
        return;
      case 'index':
        this.#needsValue(expr.object, scope, place);
        break;
      case 'name':
        this.#usedIn(expr, scope, place);
        return;
      case 'bind':
        this.#expression(expr.value, scope, place);
        scope.names.set(expr.name, this.#valueOf(expr.value, scope));
        return;
      case 'conditional': {
        this.#expression(expr.test, scope, place);
        const test = truth(evaluate(expr.test, scope, this.#modules));
        const branch = (wanted: boolean): Place => ({
          ...place,
          certainty: test === undefined && place.certainty === 'sure' ? 'maybe' : test === !wanted ? 'never' : place.certainty,
        });
        this.#expression(expr.whenTrue, scope, branch(true));
        this.#expression(expr.whenFalse, scope, branch(false));
        return;
      }
      case 'binary':
        this.#binary(expr, scope, place);
        return;
      default:
        break;
    }
    const inCall = place.inCall || expr.kind === 'fstring' || expr.kind === 'other';
    for (const part of partsOf(expr)) this.#expression(part, scope, { ...place, inCall });
  }

  #text(expr: Extract<Expr, { kind: 'string' }>, scope: Scope, place: Place): void {
    if (place.setting === undefined || place.setting === '') return;
    this.outcome.texts.push({
      setting: place.setting,
      value: expr.value,
      from: `${scope.path}:${expr.line}`,
      certainty: place.certainty,
    });
  }

  #dict(expr: Extract<Expr, { kind: 'dict' }>, scope: Scope, place: Place): void {
    for (const { key, value } of expr.entries) {
      if (key.kind !== 'string') this.#expression(key, scope, place);
      const below =
        key.kind === 'string' && place.setting !== undefined && place.setting !== ''
          ? `${place.setting}.${key.value}`
          : undefined;
      this.#expression(value, scope, below === undefined ? place : { ...place, setting: below });
    }
    for (const spread of expr.spread) this.#expression(spread, scope, place);
  }

  #binary(expr: Extract<Expr, { kind: 'binary' }>, scope: Scope, place: Place): void {
    if (expr.operator === '+' || expr.operator === '/') {
      this.#needsValue(expr.left, scope, place);
      this.#needsValue(expr.right, scope, place);
    }
    const isPart = expr.operator === '+' || expr.operator === '/' || expr.operator === '%';
    const inner = isPart ? { ...place, inCall: true } : place;
    this.#expression(expr.left, scope, inner);
    const left = truth(evaluate(expr.left, scope, this.#modules));
    const skipped = (expr.operator === 'and' && left === false) || (expr.operator === 'or' && left === true);
    const unsure = (expr.operator === 'and' || expr.operator === 'or') && left === undefined;
    const certainty = skipped ? 'never' : unsure && place.certainty === 'sure' ? 'maybe' : place.certainty;
    this.#expression(expr.right, scope, { ...inner, certainty });
    if (expr.operator === 'or') this.#defaultFromOr(expr, scope);
    if (expr.operator === '==' || expr.operator === '!=' || expr.operator === 'in') this.#comparedAsBool(expr, scope);
  }

  /** `os.environ.get("X") or "y"`: the default is y. */
  #defaultFromOr(expr: Extract<Expr, { kind: 'binary' }>, scope: Scope): void {
    const access = readingOf(expr.left, scope, this.#modules);
    const read = access === undefined ? undefined : this.#readOf(access, scope);
    if (read !== undefined && read.fallback === undefined && expr.right.kind === 'string') read.fallback = expr.right.value;
  }

  #comparedAsBool(expr: Extract<Expr, { kind: 'binary' }>, scope: Scope): void {
    const words = [...within(expr.right)].filter((part) => part.kind === 'string').map((part) => part.value.toLowerCase());
    if (words.length === 0 || !words.every((word) => /^(true|false|1|0|yes|no|on|off|t|f|y|n|)$/.test(word))) return;
    const inner = [...within(expr.left)].map((part) => readingOf(part, scope, this.#modules)).find((one) => one !== undefined);
    const read = inner === undefined ? undefined : this.#readOf(inner, scope);
    if (read?.type === 'string') read.type = 'bool';
  }

  #call(expr: Extract<Expr, { kind: 'call' }>, scope: Scope, place: Place): void {
    const { callee } = expr;
    const name = external(callee, scope, this.#modules) ?? dotted(callee) ?? '';
    this.#special(expr, name, scope, place);
    if (callee.kind === 'member') {
      const isText =
        /^(split|strip|lower|upper|replace|startswith|endswith|rstrip|lstrip|removesuffix|removeprefix|encode|title)$/.test(
          callee.name,
        );
      if (isText) this.#needsValue(callee.object, scope, place);
      if (callee.name === 'split') this.#splits(expr, callee.object, scope);
      if (/^(append|insert|extend|update|setdefault)$/.test(callee.name)) {
        const setting = this.#settingOf(callee.object);
        const inner = setting === undefined || place.setting === '' ? place : { ...place, setting };
        for (const arg of [...expr.args, ...expr.keywords.map((keyword) => keyword.value)]) this.#expression(arg, scope, inner);
        if (callee.object.kind === 'name') this.#appended(callee.object.name, callee.name, expr.args, scope, place);
        return;
      }
      this.#expression(callee.object, scope, place);
    }
    const [first] = expr.args;
    const type = CONVERSIONS[name];
    if (type !== undefined && first !== undefined) {
      this.#needsValue(first, scope, place);
      this.#typed(first, type, scope);
    } else if (name === 'bool' && first !== undefined) this.#typed(first, 'bool', scope);
    else if (/(^|\.)(join|dj_database_url\.parse|strtobool|b64decode|literal_eval)$/.test(name)) {
      for (const arg of expr.args) this.#needsValue(arg, scope, place);
    }
    for (const arg of expr.args) this.#expression(arg, scope, { ...place, inCall: true });
    for (const { name: key, value } of expr.keywords) {
      const isSettingKey = name === 'dict' && place.setting !== undefined && place.setting !== '' && key !== '**';
      this.#expression(
        value,
        scope,
        isSettingKey ? { ...place, setting: `${place.setting}.${key}` } : { ...place, inCall: true },
      );
    }
    this.#enter(expr, scope, place);
  }

  #appended(name: string, method: string, args: readonly Expr[], scope: Scope, place: Place): void {
    const value = args.at(-1);
    if (value === undefined || method === 'update' || method === 'setdefault') return;
    this.#extend(name, method === 'extend' ? value : { kind: 'list', items: [value], line: value.line }, scope, place);
  }

  /** Calls that read files or load modules by name. */
  #special(expr: Extract<Expr, { kind: 'call' }>, name: string, scope: Scope, place: Place): void {
    const from = `${scope.path}:${expr.line}`;
    if (
      /(^|\.)(load_dotenv|read_env|read_dotenv|read_envfile|dotenv_values)$|^decouple\.|^environs\./.test(name) ||
      /\.read_env$/.test(name)
    ) {
      this.outcome.dotenv.push(from);
    }
    if (/^split_settings\.tools\.(include|optional)$/.test(name) && place.setting !== '') {
      for (const { file, optional, pattern } of includedFiles(
        this.sources.tree,
        parentOf(scope.path),
        expr,
        name.endsWith('optional'),
      )) {
        if (file === undefined) {
          this.outcome.missing.push({ module: pattern, path: pattern, from, certainty: place.certainty, guarded: optional });
          continue;
        }
        const other = this.module(file, 'settings', place);
        for (const [key, binding] of other?.names ?? []) scope.names.set(key, binding);
      }
    }
    if (name === 'importlib.import_module') this.#importByName(expr, scope, place, from);
    if (name === 'open' || /\.(open|read_text)$/.test(name)) this.#opens(expr, place, from);
  }

  #importByName(expr: Extract<Expr, { kind: 'call' }>, scope: Scope, place: Place, from: string): void {
    const [first] = expr.args;
    const module = first === undefined ? undefined : evaluate(first, scope, this.#modules);
    if (typeof module !== 'string' || module === '') return;
    const file = this.sources.fileOf(module);
    if (file !== undefined) {
      this.module(file, 'import', place);
      return;
    }
    if (!this.sources.hasModule(module.split('.')[0] ?? '')) return;
    const path = missingPath(this.sources, module);
    this.outcome.missing.push({ module, path, from, certainty: place.certainty, guarded: place.optionalImport });
  }

  #opens(expr: Extract<Expr, { kind: 'call' }>, place: Place, from: string): void {
    const source =
      expr.callee.kind === 'member' && expr.callee.name !== 'open' ? [expr.callee] : [...expr.args.slice(0, 1), expr.callee];
    const names = source
      .flatMap((part) => [...within(part)])
      .filter((part) => part.kind === 'string' && /\.\w{1,5}$/.test(part.value));
    const [last] = names.slice(-1);
    if (last?.kind === 'string') {
      this.outcome.opened.push({
        name: last.value,
        from,
        certainty: place.certainty,
        guarded: place.guarded || place.optionalImport,
      });
    }
  }

  /** A function of the project, called while the settings load, is read where it is called. */
  #enter(expr: Extract<Expr, { kind: 'call' }>, scope: Scope, place: Place): void {
    const target = resolve(expr.callee, scope, this.#modules);
    if (target?.kind !== 'function' || this.#called.size > MAX_CALLS) return;
    const before = this.#called.get(target.stmt) ?? 0;
    if (before >= (place.certainty === 'never' ? 1 : MAX_ENTRIES)) return;
    this.#called.set(target.stmt, before + 1);
    const inner: Scope = { path: target.scope.path, names: new Map(), outer: target.scope };
    target.stmt.parameters.forEach((parameter, at) => {
      const given =
        expr.args[at] ?? expr.keywords.find((keyword) => keyword.name === parameter.name)?.value ?? parameter.fallback;
      const bound: Binding =
        given === undefined
          ? { kind: 'value', value: undefined, variables: [] }
          : (bindingOf(given, scope, this.#modules) ?? this.#valueOf(given, scope));
      inner.names.set(parameter.name, bound);
    });
    this.#block(target.stmt.body, inner, place);
  }

  /** None here would stop the settings. */
  #needsValue(expr: Expr, scope: Scope, place: Place): void {
    if (place.certainty !== 'sure' || place.guarded) return;
    if (evaluate(expr, scope, this.#modules) !== null) return;
    this.#noteInner(expr, scope, place);
    for (const name of this.#variablesOf(expr, scope)) {
      const read = this.outcome.reads.get(name);
      if (read !== undefined) read.required = true;
    }
  }

  /** The reading itself is noted first, so that there is something to call required. */
  #noteInner(expr: Expr, scope: Scope, place: Place): void {
    const access = readingOf(expr, scope, this.#modules);
    if (access !== undefined) this.#note(access, scope, expr.line, place);
  }

  #splits(expr: Extract<Expr, { kind: 'call' }>, object: Expr, scope: Scope): void {
    const [by] = expr.args;
    const separator = by?.kind === 'string' ? by.value : ' ';
    for (const part of within(object)) {
      const access = readingOf(part, scope, this.#modules);
      const read = access === undefined ? undefined : this.#readOf(access, scope);
      if (read === undefined && access !== undefined) this.#note(access, scope, part.line, { ...TOP, certainty: 'maybe' });
      const noted = access === undefined ? undefined : this.#readOf(access, scope);
      if (noted?.type === 'string') {
        noted.type = 'list';
        noted.separator = separator;
      }
    }
    if (object.kind === 'name') this.#laterSplit(object, separator, scope);
  }

  #laterSplit(object: Expr, separator: string, scope: Scope): void {
    const binding = resolve(object, scope, this.#modules);
    const [only, ...others] = binding?.kind === 'value' ? binding.variables : [];
    const read = only === undefined || others.length > 0 ? undefined : this.outcome.reads.get(only);
    if (read?.type === 'string' && !/url|uri/i.test(read.name)) {
      read.type = 'list';
      read.separator = separator;
    }
  }

  #typed(expr: Expr, type: Read['type'], scope: Scope): void {
    for (const part of within(expr)) {
      const access = readingOf(part, scope, this.#modules);
      const key = access === undefined ? undefined : this.#keyOf(access, scope, '');
      if (access === undefined || key === undefined) continue;
      if (this.outcome.reads.get(key) === undefined) this.#note(access, scope, part.line, { ...TOP, certainty: 'maybe' });
      const read = this.outcome.reads.get(key);
      if (read?.type === 'string') read.type = type;
    }
  }

  /** A name that came from a variable, used in a setting. */
  #usedIn(expr: Expr, scope: Scope, place: Place): void {
    const { setting } = place;
    if (setting === undefined || setting === '' || place.inCall) return;
    const binding = resolve(expr, scope, this.#modules);
    for (const name of binding?.kind === 'value' ? binding.variables : []) {
      const read = this.outcome.reads.get(name);
      if (read !== undefined && !read.settings.includes(setting)) read.settings.push(setting);
    }
  }

  #keyOf(access: Access, scope: Scope, prefix: string): string | undefined {
    const key = evaluate(access.key, scope, this.#modules);
    return typeof key === 'string' && /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(key)
      ? `${prefix}${access.prefix ?? ''}${key}`
      : undefined;
  }

  #readOf(access: Access, scope: Scope): Read | undefined {
    const key = this.#keyOf(access, scope, '');
    return key === undefined ? undefined : this.outcome.reads.get(key);
  }

  #note(access: Access, scope: Scope, line: number, place: Place, given?: string): void {
    const name = given ?? this.#keyOf(access, scope, place.prefix);
    if (name === undefined) return;
    const required = access.absent === 'raises' && access.fallback === undefined && place.certainty === 'sure' && !place.guarded;
    const fallback = access.fallback === undefined ? undefined : defaultText(evaluate(access.fallback, scope, this.#modules));
    const setting = place.setting === undefined || place.setting === '' ? [] : [place.setting];
    const known = this.outcome.reads.get(name);
    if (known === undefined) {
      const read: Read = { name, from: `${scope.path}:${line}`, required, type: access.type, settings: setting };
      if (fallback !== undefined) read.fallback = fallback;
      if (access.separator !== undefined) read.separator = access.separator;
      this.outcome.reads.set(name, read);
      return;
    }
    known.required ||= required;
    if (required) delete known.fallback;
    if (fallback !== undefined && place.certainty !== 'never') known.fallback ??= fallback;
    if (known.type === 'string' && access.type !== 'string') {
      known.type = access.type;
      if (access.separator !== undefined) known.separator = access.separator;
    }
    for (const one of setting) if (!known.settings.includes(one)) known.settings.push(one);
  }
}

const CONVERSIONS: Readonly<Record<string, Read['type']>> = {
  int: 'int',
  float: 'int',
  'json.loads': 'json',
  Path: 'path',
  'pathlib.Path': 'path',
};

const raises = (body: readonly Stmt[]): boolean =>
  body.some((stmt) => stmt.kind === 'raise' || (stmt.kind === 'expression' && stmt.values.some(exits)));

const exits = (expr: Expr): boolean =>
  expr.kind === 'call' && /^(sys\.exit|exit|quit|os\._exit)$/.test(dotted(expr.callee) ?? '');

/** A default as a person would write it into an environment. */
function defaultText(value: Value | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return isValues(value) && value.every((item) => typeof item === 'string') ? value.join(',') : undefined;
}
