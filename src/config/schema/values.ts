import { posix } from 'node:path';
import { z } from 'zod';
import { splitWords } from '../words.js';
import { secretName, settingName, text, variableName } from './text.js';

export const secretRef = z
  .strictObject({
    secret: secretName.meta({ description: 'Name of the secret.', examples: ['STRIPE_KEY'] }),
  })
  .meta({
    id: 'secret',
    description: 'A value that stands in no file: it is kept with `slipway secrets set NAME`.',
    examples: [{ secret: 'STRIPE_KEY' }],
  });

/** Text, or a reference to a secret. */
export const arg = z.union([text, secretRef]);

/** An entry without a value is one that is still to be filled in: it counts as not given. Numbers and booleans are taken as they are written. */
export const env = z
  .record(variableName, z.union([text, z.number().transform(String), z.boolean().transform(String), z.null(), secretRef]))
  .meta({
    description:
      'Environment variables of the app: a text, or `{secret: NAME}`. Numbers and booleans are passed on as they are written. A variable without a value counts as not given.',
    examples: [{ EMAIL_HOST: 'mail.example', STRIPE_KEY: { secret: 'STRIPE_KEY' } }],
  });

export const settings = z.record(settingName, z.json()).meta({
  description:
    'Django settings to hold while the project’s own settings run: a value of any shape, or `keep`, which leaves the project’s own in place.',
  examples: [{ SECURE_HSTS_SECONDS: 3600, STORAGES: 'keep' }],
});

/** A path that stays below the project's root, in its shortest form. */
export const insidePath = z.string().transform((value, context) => {
  const path = posix.normalize(value).replace(/\/$/, '');
  if (value !== '' && path !== '.' && !path.startsWith('/') && path !== '..' && !path.startsWith('../') && !value.includes('\0'))
    return path;
  context.addIssue({ code: 'custom', message: 'must be a path inside the project, relative to its root' });
  return z.NEVER;
});

/** A path on the machine that Slipway runs on; relative ones start at the project's root. */
export const path = text.min(1, { error: 'must not be empty' });

/** A command as one text or as a list of words; always a list of words when it was read. */
export const command = z.union([z.string(), z.array(text).min(1)]).transform((value, context): readonly string[] => {
  if (typeof value !== 'string') return value;
  if (value.includes('\0')) {
    context.addIssue({ code: 'custom', message: 'must not hold a NUL character' });
    return z.NEVER;
  }
  const split = splitWords(value);
  if ('words' in split) return split.words;
  context.addIssue({
    code: 'custom',
    message: split.problem,
    params: { code: 'CONFIG_COMMAND', hint: split.hint, at: split.at },
  });
  return z.NEVER;
});

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** A number of bytes: `26214400`, `25MB`, `1 GiB`. All units are powers of 1024, as nginx reads them. */
export const bytes = z.union([z.int().min(1), z.string()]).transform((value, context) => {
  if (typeof value === 'number') return value;
  const [, digits = '', unit = ''] = /^(\d{1,9})\s*([kmg]?)(?:i?b)?$/i.exec(value) ?? [];
  const size = Number(digits) * (UNITS[unit.toLowerCase()] ?? 0);
  if (digits !== '' && size > 0) return size;
  context.addIssue({ code: 'custom', message: 'must be a size: 25MB, 1GB, or a number of bytes' });
  return z.NEVER;
});
