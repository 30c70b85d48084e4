import type { Command } from '../../core/command.js';
import { Failure } from '../../core/failure.js';
import { resolveArg, resolveStdin, type SecretResolver } from '../secret-values.js';

/** A command as the program on the host takes it. */
export interface ExecArgs {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string;
  readonly timeout?: number;
}

/** @throws Failure SECRET_MISSING */
export async function execArgs(
  command: Command,
  options: { readonly secrets: SecretResolver; readonly env?: Readonly<Record<string, string>> },
): Promise<ExecArgs> {
  const { secrets } = options;
  const argv = await Promise.all(command.argv.map((arg) => resolveArg(arg, secrets)));
  if (argv.length === 0) throw new Failure('BUG', 'bug', 'A command without a program');
  const env: Record<string, string> = { ...options.env };
  for (const [name, value] of Object.entries(command.env ?? {})) env[name] = await resolveArg(value, secrets);
  return {
    argv,
    env,
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
    ...(command.stdin === undefined ? {} : { stdin: await resolveStdin(command, secrets) }),
    ...(command.timeoutSeconds === undefined ? {} : { timeout: command.timeoutSeconds }),
  };
}
