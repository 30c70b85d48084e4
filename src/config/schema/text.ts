import { z } from 'zod';

/** A string that fits a pattern, with the sentence a person reads when it does not: it follows the key's name. */
export const matching = (pattern: RegExp, must: string) => z.string().regex(pattern, { error: must });

/** No NUL byte: neither argv nor an environment can carry one. */
export const text = z.string().refine((value) => !value.includes('\0'), { error: 'must not hold a NUL character' });

export const appName = matching(
  /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
  'must be lower-case letters, digits and dashes, begin with a letter, end with a letter or digit, and have at most 40 characters',
);

export const variableName = matching(
  /^[A-Za-z_][A-Za-z0-9_]*$/,
  'is no name of a variable: letters, digits and underscores, not beginning with a digit',
);

export const settingName = matching(/^[A-Z][A-Z0-9_]*$/, 'is no name of a setting: Django only knows upper-case ones');

/** As `slipway secrets set` takes it: names with a dot are Slipway's own. */
export const secretName = matching(
  /^[A-Za-z_][A-Za-z0-9_]*$/,
  'is no name of a secret: letters, digits and underscores, not beginning with a digit',
);

/** Beyond ASCII, Python allows most letters; the classes `\p{…}` are no part of every reader of JSON Schema. */
const NAME = '[A-Za-z_\\u0080-\\uffff][A-Za-z0-9_\\u0080-\\uffff]*';
const MODULE = `${NAME}(?:\\.${NAME})*`;

export const moduleName = matching(new RegExp(`^${MODULE}$`), 'must be the dotted name of a Python module: package.module');

export const moduleAttribute = matching(
  new RegExp(`^${MODULE}:${MODULE}$`),
  'must name something in a Python module: package.module:name',
);

/** Seconds, at most a day. */
export const seconds = z.int().min(0).max(86_400);
