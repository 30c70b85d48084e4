import type { SecretLiteral } from '../findings/evidence.js';
import type { Expr, Stmt } from '../project/python/ast.js';
import { bodyOf, dotted, expressionsOf, within } from '../project/python/walk.js';
import { isShown, isTrivial, looksSecret, type SecretName, secretName } from './secret-words.js';

/** Secrets that are written down in one module of settings: by name, or by the shape of their value. The values themselves go no further. */
export function secretsIn(path: string, body: readonly Stmt[]): SecretLiteral[] {
  const found = [...inStatements(path, body)];
  return [...new Map(found.map((literal) => [`${literal.where} ${literal.name}`, literal])).values()];
}

function* inStatements(path: string, body: readonly Stmt[]): Generator<SecretLiteral> {
  for (const stmt of body) {
    if (stmt.kind === 'assign') {
      for (const target of stmt.targets) yield* inValue(path, nameOf(target), stmt.value);
    } else for (const expr of expressionsOf(stmt)) yield* inCalls(path, expr);
    yield* inStatements(path, bodyOf(stmt));
  }
}

function nameOf(target: Expr): string {
  if (target.kind === 'index')
    return [nameOf(target.object), target.index.kind === 'string' ? target.index.value : ''].filter(Boolean).join('.');
  return dotted(target) ?? '';
}

function* inValue(path: string, name: string, value: Expr): Generator<SecretLiteral> {
  switch (value.kind) {
    case 'string':
      yield* written(path, name, value, false);
      return;
    case 'dict':
      for (const { key, value: entry } of value.entries) {
        const found = inValue(path, [name, key.kind === 'string' ? key.value : ''].filter(Boolean).join('.'), entry);
        // A password that is the user's name is one for development.
        const repeated =
          entry.kind === 'string' &&
          value.entries.some(({ value: other }) => other !== entry && other.kind === 'string' && other.value === entry.value);
        for (const literal of found) yield repeated ? { ...literal, trivial: true } : literal;
      }
      return;
    case 'list':
    case 'tuple':
      for (const item of value.items) yield* inValue(path, name, item);
      return;
    case 'conditional':
      yield* inValue(path, name, value.whenTrue);
      yield* inValue(path, name, value.whenFalse);
      return;
    // `os.environ.get("X") or "literal"`
    case 'binary':
      if (value.operator === 'or') yield* fallbacks(path, name, value.right);
      yield* inCalls(path, value, name);
      return;
    default:
      yield* inCalls(path, value, name);
  }
}

function* fallbacks(path: string, name: string, value: Expr): Generator<SecretLiteral> {
  if (value.kind === 'string') yield* written(path, name, value, true);
}

/** Defaults of variables: `os.environ.get("SECRET_KEY", "…")`, `config("X", default="…")`. */
function* inCalls(path: string, expr: Expr, setting = ''): Generator<SecretLiteral> {
  for (const part of within(expr)) {
    if (part.kind === 'dict' && part !== expr) yield* inValue(path, setting, part);
    if (part.kind !== 'call') continue;
    const [first, second] = part.args;
    const variable = first?.kind === 'string' ? first.value : '';
    const fallback = part.keywords.find(({ name }) => name === 'default' || name === 'fallback')?.value ?? second;
    if (/^[A-Z][A-Z0-9_]*$/.test(variable) && fallback?.kind === 'string') {
      yield* written(path, secretName(setting) === undefined ? variable : setting, fallback, true);
    }
    for (const { name, value } of part.keywords)
      if (value.kind === 'string' && name !== 'default') yield* written(path, name, value, false);
  }
}

function* written(
  path: string,
  name: string,
  value: Extract<Expr, { kind: 'string' }>,
  isDefault: boolean,
): Generator<SecretLiteral> {
  const kind: SecretName | undefined = secretName(name) ?? (looksSecret(value.value) ? 'api-key' : undefined);
  if (kind === undefined || value.value === '' || !isValueOf(kind, value.value)) return;
  yield {
    name: name === '' ? 'a value' : name,
    where: `${path}:${value.line}`,
    kind,
    isDefault,
    trivial: isTrivial(value.value),
    isPublic: isShown(value.value),
  };
}

/** Dotted paths, sentences and URLs without a password stand under names that only sound secret. */
function isValueOf(kind: SecretName, value: string): boolean {
  if (kind === 'secret-key') return true;
  if (looksSecret(value)) return true;
  return value.length >= 4 && !/\s|^[\w]+(\.[\w]+){1,}$|^\/|^https?:\/\/[^@]*$|^[A-Z][A-Z0-9_]*$|\{|%\(|^\d+\/\w/.test(value);
}
