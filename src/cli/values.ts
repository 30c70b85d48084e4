import { resolve } from 'node:path';
import { Failure } from '../core/failure.js';
import { isSecretName } from '../reporters/mask.js';

const invalid = (message: string, hint: string): Failure => new Failure('ARGUMENT_INVALID', 'usage', message, { hint });

/** @throws Failure ARGUMENT_INVALID unless the text is a port that can be listened on */
export function readPort(option: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65535) return port;
  throw invalid(`${option} ${JSON.stringify(text)} is no port`, `${option} 8443   # 1 to 65535`);
}

/** @throws Failure ARGUMENT_INVALID unless the text is a whole number, zero included */
export function readCount(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw invalid(`${option} ${JSON.stringify(text)} is no number`, `${option} 100`);
}

/** `KEY=VALUE` words as a record; the later one wins. @throws Failure ARGUMENT_INVALID */
export function readAssignments(option: string, words: readonly string[]): Record<string, string> {
  return Object.fromEntries(words.map((word) => readAssignment(option, word)));
}

function readAssignment(option: string, word: string): [string, string] {
  const at = word.indexOf('=');
  const name = at === -1 ? word : word.slice(0, at);
  if (at !== -1 && isVariableName(name)) return [name, word.slice(at + 1)];
  // The value may be a secret that stands here by mistake: only what is before the equals sign is told.
  const told = at === -1 ? 'has no =' : `${JSON.stringify(name)} is no name of a variable`;
  throw invalid(`${option} takes KEY=VALUE; ${told}`, `${option} DEBUG=0`);
}

const isVariableName = (name: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);

/** @throws Failure ARGUMENT_INVALID */
export function readVariableName(name: string): string {
  if (isVariableName(name)) return name;
  throw invalid(
    `${JSON.stringify(name)} is no name for a secret`,
    'letters, digits and _, no digit first: slipway secrets set STRIPE_KEY',
  );
}

/** Absolute paths of files that the user named as seen from where he is. */
export const readPaths = (cwd: string, paths: readonly string[]): string[] => paths.map((path) => resolve(cwd, path));

/** Values of `--env` whose names say that they are secrets: known before the first event, so that none shows them. */
export const secretsAmong = (assignments: readonly string[] = []): readonly string[] =>
  assignments.flatMap((word) => {
    const [name = ''] = word.split('=');
    return isSecretName(name) ? [word.slice(word.indexOf('=') + 1)] : [];
  });
