import { createHash } from 'node:crypto';
import { type Fingerprint, fingerprint } from '../project/fingerprint.js';
import type { App } from './app.js';
import type { Decided } from './decide.js';
import { runtimeHash, VERSION } from './package-files.js';

/** Everything a release is made from; `key` is the same exactly when all of it is. */
export interface Inputs {
  readonly tree: Fingerprint;
  readonly key: string;
}

/** @param decided what the user said, with given values as references that name their content; @param place and of where it goes */
export async function readInputs(app: App, decided: Decided, place?: object): Promise<Inputs> {
  const tree = await fingerprint(app.root, app.fingerprintCache);
  const key = createHash('sha256')
    .update(JSON.stringify([VERSION, runtimeHash(), tree.fingerprint, decided, ...(place === undefined ? [] : [place])]))
    .digest('hex');
  return { tree, key };
}
