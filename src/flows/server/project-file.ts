import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { Failure } from '../../core/failure.js';

/** A file that slipway.yml names. @throws Failure FILES_MISSING (config) */
export async function readProjectFile(root: string, path: string): Promise<string> {
  const at = isAbsolute(path) ? path : join(root, path);
  return readFile(at, 'utf8').catch((cause: unknown) => {
    throw new Failure('FILES_MISSING', 'config', `slipway.yml names ${path}, and it cannot be read`, {
      cause,
      hint: `ls -l ${at}`,
    });
  });
}
