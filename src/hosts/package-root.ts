import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this package, absolute: the first with a manifest above the code, be that compiled file by file or in one bundle. */
export const PACKAGE_ROOT = firstWithManifest(dirname(fileURLToPath(import.meta.url)));

function firstWithManifest(folder: string): string {
  return existsSync(join(folder, 'package.json')) || folder === '/' ? folder : firstWithManifest(dirname(folder));
}
