import { createHash } from 'node:crypto';
import { secretsNamed } from '../../config/choices.js';
import type { ServerApp } from './app.js';

/** What of an environment a release is made from: its keys, and the values of the secrets they name, which may be changed elsewhere. */
export async function placeInputs({ config, secrets }: ServerApp): Promise<object> {
  const values = await Promise.all(secretsNamed(config).map(secrets.resolve));
  return { ...config, values: createHash('sha256').update(JSON.stringify(values)).digest('hex') };
}
