import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Lab } from './lab.js';

const VERSIONS = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
/** What no program needs that is installed with it. */
const LEFT_OUT = ['--exclude=test', '--exclude=*.a', '--exclude=__pycache__'];

/** This machine's Pythons, oldest first. */
const versions = (): string[] => (existsSync(VERSIONS) ? readdirSync(VERSIONS).filter((name) => /^3\.\d+\.\d+$/.test(name)) : []);

/** Why there can be no mirror of a Python here; false where there can. @param series `3.7` */
export const pythonMirrorMissing = (series: string): string | false =>
  versions().some((version) => version.startsWith(`${series}.`)) ? false : `the hosts' Python needs: pyenv install ${series}`;

/**
 * Has the lab's hosts bring Pythons with uv from this machine, where it has them, as a company's own mirror would: by the machine's `uv.toml`.
 * https://docs.astral.sh/uv/reference/settings/#python-downloads-json-url
 * @returns what ends it
 */
export async function openPythonMirror(lab: Lab): Promise<() => Promise<void>> {
  const server = createServer((incoming, outgoing) => {
    const version = /^\/(3\.\d+\.\d+)\.tar\.gz$/.exec(incoming.url ?? '')?.[1];
    if (version === undefined) outgoing.end(JSON.stringify(listed(`http://${incoming.headers.host}`)));
    else spawn('tar', archiveOf(version, lab.folder), { stdio: ['ignore', 'pipe', 'inherit'] }).stdout.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, lab.gateway, resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const config = `python-downloads-json-url = "http://${lab.gateway}:${port}/pythons.json"\n`;
  await Promise.all(lab.hosts.map((host) => host.sh(`mkdir -p /etc/uv; printf '%s' '${config}' >/etc/uv/uv.toml`)));
  return () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
}

/** Words for tar. As in the archives uv knows, all is below one folder, and runs wherever that is put. */
function archiveOf(version: string, folder: string): string[] {
  const prefix = join(VERSIONS, version);
  const program = `bin/python${version.split('.').slice(0, 2).join('.')}`;
  const library = program.replace('bin', 'lib');
  const data = readdirSync(join(prefix, library)).find((name) => /^_sysconfigdata_.*\.py$/.test(name)) ?? '';
  const [moved, described] = [`python-${version}`, `described-${version}`];
  writeFileSync(join(folder, moved), relocated(readFileSync(join(prefix, program)), join(prefix, 'lib')), { mode: 0o755 });
  writeFileSync(join(folder, described), asPublished(readFileSync(join(prefix, library, data), 'utf8'), prefix));
  const others = [`--exclude=./${program}`, `--exclude=./${library}/${data}`];
  const all = ['-C', prefix, ...LEFT_OUT, ...others, '--transform', 's,^\\.,python,S', '.'];
  const names = [`s,^python-.*,python/${program},`, `s,^described-.*,python/${library}/${data},`];
  return ['-cz', ...all, '-C', folder, ...names.flatMap((one) => ['--transform', one]), moved, described];
}

/**
 * What a Python tells those who build for it, as the builds that uv brings have it: made for `/install` by clang, which uv puts right where it
 * installs one, so that libraries and headers are found. https://gregoryszorc.com/docs/python-build-standalone/main/quirks.html
 */
const asPublished = (data: string, prefix: string): string =>
  data
    .replaceAll(new RegExp(`-(?:L|I|Wl,-rpath,)${prefix}[^ ']*`, 'g'), '')
    .replaceAll(prefix, '/install')
    .replaceAll("'gcc", "'clang");

/** pyenv has a program look for its library where it was built. The place in the file is kept: what is over is a string of its own. */
function relocated(program: Buffer, library: string): Buffer {
  const at = program.indexOf(`${library}\0`);
  const beside = '$ORIGIN/../lib';
  if (at === -1 || library.length < beside.length) return program;
  program.write(beside.padEnd(library.length, '\0'), at, 'latin1');
  return program;
}

function listed(address: string): object {
  const entries = versions().map((version) => {
    const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
    const system = { arch: { family: 'x86_64', variant: null }, os: 'linux', libc: 'gnu' };
    const rest = { prerelease: '', url: `${address}/${version}.tar.gz`, sha256: null, variant: null, build: null };
    return [`cpython-${version}-linux-x86_64-gnu`, { name: 'cpython', ...system, major, minor, patch, ...rest }];
  });
  return Object.fromEntries(entries);
}
