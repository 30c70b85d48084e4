import { Failure, type FailureKind, pathFailure } from '../../core/failure.js';

/** What the program on the host answers, read once here. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const KINDS: Readonly<Record<string, FailureKind>> = {
  COMMAND_NOT_FOUND: 'environment',
  COMMAND_NOT_STARTED: 'environment',
  NO_ANSWER: 'connection',
  CANCELLED: 'cancelled',
  BUG: 'bug',
};

/** The result of a call. @throws Failure when the host refused it */
export function readAnswer(text: string, host: string): Json {
  const answer: Json = JSON.parse(text);
  const error = member(answer, 'error');
  if (error === undefined) return member(answer, 'result') ?? null;
  throw refusal(error, host);
}

/** What a host says of why it did not do something. */
export function refusal(error: Json, host: string): Failure {
  const code = textOf(member(error, 'code')) ?? 'BUG';
  const message = textOf(member(error, 'message')) ?? 'no word of it';
  const detail = textOf(member(error, 'detail'));
  if (code === 'OS') return fileFailure(textOf(member(error, 'errno')) ?? '', textOf(member(error, 'path')), message, host);
  if (code === 'USER_MISSING') return new Failure('USER_MISSING', 'remote', `${message} on ${host}`);
  return new Failure(
    code,
    KINDS[code] ?? 'remote',
    code === 'NO_ANSWER' ? `${message} (on ${host})` : message,
    detail ? { detail } : {},
  );
}

function fileFailure(code: string, path: string | undefined, message: string, host: string): Failure {
  const cause = Object.assign(new Error(`${code}: ${message}`), { code });
  const known = pathFailure(cause, path);
  const what = `${path ?? 'a file'} on ${host}`;
  if (known === undefined) return new Failure('HOST_FILE', 'remote', `${what}: ${message}`, { cause });
  const hint = code === 'ENOSPC' || known.hint === undefined ? known.hint : undefined;
  return new Failure(known.code, known.kind, `${known.message} (on ${host})`, { cause, ...(hint === undefined ? {} : { hint }) });
}

export const member = (json: Json, name: string): Json | undefined =>
  json !== null && typeof json === 'object' && !isList(json) ? json[name] : undefined;

export const isList = (json: Json): json is readonly Json[] => Array.isArray(json);
export const textOf = (json: Json | undefined): string | undefined => (typeof json === 'string' ? json : undefined);
export const numberOf = (json: Json | undefined): number => (typeof json === 'number' ? json : 0);
export const textsOf = (json: Json | undefined): string[] =>
  json !== undefined && isList(json) ? json.filter((item) => typeof item === 'string') : [];
export const numbersOf = (json: Json | undefined): number[] =>
  json !== undefined && isList(json) ? json.filter((item) => typeof item === 'number') : [];
