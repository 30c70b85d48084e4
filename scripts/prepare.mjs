// Set-up that `npm start` and `npm test` share: the libraries and the compiled code, each only when it is missing or stale.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a command in the repository, its output shown; ends this process with its exit code when it fails. */
export function must(argv, options = {}) {
  const { status, error } = spawnSync(argv[0], argv.slice(1), { cwd: ROOT, stdio: 'inherit', ...options });
  if (error) fail(`${argv[0]} could not be started: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

/** Ends a script that was given words it does not know, `--help` among them, by what it says of itself at its head. @param url its own */
export function onlyKnown(url, unknown) {
  if (unknown.length === 0) return;
  const head = readFileSync(fileURLToPath(url), 'utf8').split(/\n(?!\/\/)/, 1)[0];
  console.log(head.replaceAll(/^\/\/ /gm, ''));
  process.exit(unknown.includes('--help') ? 0 : 2);
}

export function fail(message) {
  console.error(message);
  process.exit(5);
}

/** Node, the libraries and the compiled code. */
export function prepare() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    fail(`Node ${process.versions.node} is too old: 20.19 or newer is needed (apt install nodejs)`);
  if (
    !existsSync(join(ROOT, 'node_modules/typescript')) ||
    newest([join(ROOT, 'package-lock.json')]) > newest([join(ROOT, 'node_modules/.package-lock.json')])
  ) {
    must(['npm', 'ci', '--no-audit', '--no-fund', '--loglevel=error']);
  }
  const compiled = join(ROOT, 'dist/.tsbuildinfo');
  if (newest(['src', 'test', 'tsconfig.json'].map((name) => join(ROOT, name))) > newest([compiled])) {
    must([process.execPath, join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json']);
  }
  if (newest([compiled, join(ROOT, 'scripts/bundle.mjs')]) > newest([join(ROOT, 'dist/bin/slipway.js')]))
    must([process.execPath, join(ROOT, 'scripts/bundle.mjs')]);
}

/** The newest modification below the paths, in ms; 0 where nothing is. */
function newest(paths) {
  return Math.max(
    0,
    ...paths.filter(existsSync).map((path) => {
      const stat = statSync(path);
      if (!stat.isDirectory()) return stat.mtimeMs;
      return newest(
        readdirSync(path)
          .filter((name) => name !== 'node_modules')
          .map((name) => join(path, name)),
      );
    }),
  );
}
