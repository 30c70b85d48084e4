import { createHash } from 'node:crypto';
import { secretsNamed } from '../../config/choices.js';
import type { ServerApp } from './app.js';
import { readProjectFile } from './project-file.js';

/**
 * What of an environment a release is made from: its keys, the values of the secrets they name, which may be changed elsewhere, and the files of
 * its certificate, which is renewed. @throws Failure FILES_MISSING (config)
 */
export async function placeInputs({ config, secrets, root }: ServerApp): Promise<object> {
  const values = await Promise.all(secretsNamed(config).map(secrets.resolve));
  const tls = config.tls === undefined || config.tls === 'external' ? {} : config.tls;
  const named = [tls.certificate, tls.key, tls.ca, tls.dns_hook].flatMap((path) => path ?? []);
  const files = await Promise.all(named.map((path) => readProjectFile(root, path)));
  return {
    ...config,
    values: createHash('sha256')
      .update(JSON.stringify([values, files]))
      .digest('hex'),
  };
}
