import { z } from 'zod';
import { environments } from './schema/environment.js';
import { general } from './schema/general.js';

/** The whole of `slipway.yml`: types, validation, JSON Schema and reference are all made from this. */
export const configSchema = z.strictObject({ ...general, environments: z.exactOptional(environments) }).meta({
  title: 'slipway.yml',
  description: 'How Slipway deploys this Django project. Everything is optional: what is absent is detected or has a default.',
});

/** `slipway.yml` as it was read: commands are lists of words, sizes are bytes, an `env` entry that is null is not filled in yet. */
export type Config = z.infer<typeof configSchema>;

/** The same as a person writes it: a command may be a text, a size `25MB`. */
export type ConfigText = z.input<typeof configSchema>;

/** One entry of `environments`. */
export type EnvironmentKeys = NonNullable<Config['environments']>[string];

/** The keys that stand both at the top and in an environment. */
export type GeneralKeys = Omit<Config, 'environments'>;
