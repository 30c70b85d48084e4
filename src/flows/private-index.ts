import { Failure } from '../core/failure.js';
import { bare } from '../ops/build-failure/told.js';
import type { Explained } from '../ops/build-failure.js';
import { indexStatus, namedIndexes } from '../ops/package-index.js';
import type { InputFile } from '../targets/local/environment.js';
import type { App } from './app.js';

/**
 * A package that no index gave: the index that keeps it to itself, where the project names one, and in any case a blank for `init`. Installers
 * pass over an index that refuses them without a word. undefined where something else is wrong.
 */
export async function privateIndex(
  app: App,
  { failure, why }: Explained,
  inputs: readonly InputFile[],
): Promise<Failure | undefined> {
  if (why === undefined || !(why.code === 'NO_SUCH_PACKAGE' || why.code === 'INDEX_DENIED')) return undefined;
  const name = bare(why.package ?? '');
  const details = failure.detail === undefined ? {} : { detail: failure.detail };
  for (const { url, from } of namedIndexes(inputs)) {
    const { stdout } = await app.host.exec(indexStatus(app.at.home, url, name));
    const status = stdout.trim();
    if (status === '0') {
      const message = `The package index ${url} (${from}) does not answer, and no other has ${name}`;
      return new Failure('INDEX_UNREACHABLE', 'environment', message, { ...details, hint: `curl -I ${url}` });
    }
    if (!['401', '403', '407'].includes(status)) continue;
    return new Failure('INDEX_DENIED', 'environment', `The package index ${url} (${from}) wants a log-in for ${name}`, {
      ...details,
      hint: 'slipway init   # python_indexes: in slipway.yml has blanks for the log-in',
      wants: { kind: 'index', url, from },
    });
  }
  const from = inputs.find(({ content }) => content.toLowerCase().includes(name.toLowerCase()))?.path ?? 'the requirements';
  return new Failure('NO_SUCH_PACKAGE', 'project', `PyPI has no package ${name} (${from})`, {
    ...details,
    hint: `mend its name in ${from}; if it is private:  slipway init   # python_indexes: in slipway.yml has blanks for the index it is on`,
    wants: { kind: 'index', from: `${name} (${from})` },
  });
}
