import { secret } from '../../../core/command.js';
import type { Warning } from '../../../core/failure.js';
import { DJANGO_KEY } from '../variables/secrets.js';
import { type Area, hold, type PinContext } from './context.js';

/** A key that is known to nobody: the project's own where it comes from the environment and is good, else one made here and kept. */
export function secretKey(context: PinContext): Area {
  const { secretKey: key } = context.facts;
  const good = key.set && key.length >= 50 && key.unique >= 5 && !key.insecurePrefix;
  if (fromEnvironment(context)) {
    if (good) return {};
    // Else the key that was made for the variable did not come through.
    if (given(context)) return { warnings: [weak(key.length)] };
  }
  const reason = !key.set
    ? 'the settings have none'
    : good
      ? 'the one in the source is known to everyone who can read it'
      : 'the one in the settings is short, repetitive or marked insecure';
  return { pins: [hold('SECRET_KEY', secret(DJANGO_KEY), `made once and kept: ${reason}`, 'str')] };
}

function weak(length: number): Warning {
  const message = `the SECRET_KEY that was given has ${length} characters or repeats itself; 50 different ones are wanted`;
  return { code: 'weak-secret-key', message, hint: 'slipway secrets set SECRET_KEY' };
}

/** The settings asked the environment for their key and were given one. */
function fromEnvironment(context: PinContext): boolean {
  const names = keyVariables(context);
  return context.facts.variables.some(({ name, hit }) => hit && names.has(name));
}

function given(context: PinContext): boolean {
  return [...keyVariables(context)].some((name) => context.choices.env?.[name] !== undefined);
}

function keyVariables({ project }: PinContext): Set<string> {
  const named = project.variables.filter(
    ({ setting, meaning }) => setting === 'SECRET_KEY' || (setting === undefined && meaning === 'secret-key'),
  );
  return new Set(named.map(({ name }) => name));
}
