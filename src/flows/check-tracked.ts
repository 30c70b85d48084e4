import { posix } from 'node:path';
import { found } from '../core/found.js';
import type { EnvFile, Reading } from '../findings/evidence.js';
import type { Tree } from '../project/tree.js';
import { isTrivial, looksSecret, secretName } from './secret-words.js';

const ASIDE =
  /(^|\/)(tests?|testing|fixtures|testdata|docs?|examples?|samples?|\.devcontainer|node_modules|site-packages)(\/|$)/i;
/** Keys of certificates that nobody but this machine trusts. */
const STAND_IN = /localhost|snake-?oil|self-?signed|dummy|example|(^|[/_.-])(dev|test|local)([/_.-]|$)/i;
const EXAMPLE = /example|sample|template|dist|default|test|\bci\b|schema/i;

/** Secrets in files that git tracks. Without a repository nothing is tracked, and nothing is said. */
export function trackedSecrets(tree: Tree, tracked: ReadonlySet<string> | undefined): Pick<Reading, 'envFiles' | 'privateKeys'> {
  if (tracked === undefined) return { envFiles: [], privateKeys: [] };
  const files = tree.files.filter(({ path, link }) => link === undefined && tracked.has(path) && !ASIDE.test(path));
  return {
    envFiles: files.filter(({ path }) => isEnvFile(path)).flatMap(({ path }) => envFile(path, tree.text(path) ?? '')),
    privateKeys: files
      .filter(({ path }) => /\.(pem|key|p12|pfx|ppk)$|(^|\/)id_(rsa|dsa|ecdsa|ed25519)$/.test(path))
      .filter(({ path }) => !STAND_IN.test(path))
      .filter(({ path }) => /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(tree.text(path) ?? ''))
      .map(({ path }) => path),
  };
}

function isEnvFile(path: string): boolean {
  const name = posix.basename(path);
  return /^\.env(\.|rc$|$)|\.env$/.test(name) && !EXAMPLE.test(path);
}

function envFile(path: string, text: string): EnvFile[] {
  const entries = text.split('\n').flatMap((line, at) => {
    const match = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(line);
    const [, name = '', written = ''] = match ?? [];
    const value = written
      .replace(/\s+#.*$/, '')
      .trim()
      .replace(/^(["'])(.*)\1$/, '$2');
    if (value === '' || value.startsWith('$') || (secretName(name) === undefined && !looksSecret(value))) return [];
    return [{ name: found(name, `${path}:${at + 1}`), trivial: isTrivial(value) }];
  });
  const real = entries.filter(({ trivial }) => !trivial);
  return entries.length === 0
    ? []
    : [
        {
          path,
          names: (real.length > 0 ? real : entries).map(({ name }) => name),
          trivial: real.length === 0,
        },
      ];
}
