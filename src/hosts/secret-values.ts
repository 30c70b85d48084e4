import { type Arg, type Command, isSecret } from '../core/command.js';
import type { File } from '../core/host.js';
import type { Json } from '../core/plan.js';

/** Gives the value of a secret by its name. Rejects with a Failure SECRET_MISSING where there is none. */
export type SecretResolver = (name: string) => Promise<string>;

export const resolveArg = async (arg: Arg, secrets: SecretResolver): Promise<string> =>
  isSecret(arg) ? await secrets(arg.secret) : arg;

/** What a command reads from its standard input. */
export const resolveStdin = async ({ stdin = '' }: Command, secrets: SecretResolver): Promise<string> =>
  typeof stdin === 'string' ? stdin : renderContent(stdin, secrets);

/** The text a file step writes: JSON is serialised with its secrets in place. */
export async function renderContent(content: File['content'], secrets: SecretResolver): Promise<string> {
  if (typeof content === 'string') return content;
  if (isSecret(content)) return secrets(content.secret);
  return JSON.stringify(await resolveJson(content.json, secrets), null, 1) + '\n';
}

async function resolveJson(json: Json, secrets: SecretResolver): Promise<unknown> {
  if (json === null || typeof json !== 'object') return json;
  if (isSecret(json)) return secrets(json.secret);
  if (isList(json)) return Promise.all(json.map((item) => resolveJson(item, secrets)));
  const entries = Object.entries(json).map(
    async ([key, value]): Promise<[string, unknown]> => [key, await resolveJson(value, secrets)],
  );
  return Object.fromEntries(await Promise.all(entries));
}

const isList = (json: object): json is readonly Json[] => Array.isArray(json);
