import { type Command, cmd } from '../core/command.js';
import { Failure } from '../core/failure.js';

/** What `nginx -V` tells about a build, as far as a configuration depends on it. */
export interface NginxBuild {
  readonly version: readonly [number, number, number];
  /** Of the library it runs with; 0.0.0 where it has none. */
  readonly openssl: readonly [number, number, number];
  readonly configure: readonly string[];
}

/** Where nginx is looked for, in order; Debian keeps it out of an ordinary user's PATH. */
export const NGINX_PROGRAMS: readonly string[] = [
  'nginx',
  '/usr/sbin/nginx',
  '/usr/local/sbin/nginx',
  '/usr/local/nginx/sbin/nginx',
  '/opt/nginx/sbin/nginx',
];

/** Prints the build on standard error. */
export const nginxVersion = (program: string): Command => ({ ...cmd(program, '-V'), timeoutSeconds: 10 });

type Version = readonly [number, number, number];

const version = (text: string | undefined): Version | undefined => {
  const parts = text?.match(/(\d+)\.(\d+)\.(\d+)/);
  return parts ? [Number(parts[1]), Number(parts[2]), Number(parts[3])] : undefined;
};

/**
 * Reads the output of `nginx -V`. Forks that keep nginx's numbers (`nginx version: openresty/1.25.3.1`) count as the nginx they are made from.
 * @throws Failure NGINX_UNKNOWN (environment)
 */
export function parseNginxVersion(output: string): NginxBuild {
  const own = version(output.match(/^nginx version: \S+?\/(\S+)/m)?.[1]);
  if (own === undefined) {
    throw new Failure('NGINX_UNKNOWN', 'environment', 'nginx -V did not tell a version', {
      detail: output.slice(0, 500),
      hint: 'nginx -V',
    });
  }
  const library = output.match(/running with (?:OpenSSL|\w+) ([\d.]+)/)?.[1] ?? output.match(/built with OpenSSL ([\d.]+)/)?.[1];
  const configure = output.match(/^configure arguments:(.*)$/m)?.[1] ?? '';
  return { version: own, openssl: version(library) ?? [0, 0, 0], configure: configure.match(/--with(?:out)?-[\w-]+/g) ?? [] };
}

/** Why this nginx cannot be our edge, or undefined where it can. */
export function nginxLacks(build: NginxBuild): string | undefined {
  const [major, minor] = build.version;
  if (major < 1 || (major === 1 && minor < 18)) return `nginx ${build.version.join('.')} is older than 1.18`;
  if (!build.configure.includes('--with-http_ssl_module')) return 'it was built without TLS';
  return undefined;
}

/** nginx with its whole state in one folder: prefix, configuration, and the log for what goes wrong before that is read. */
export interface NginxPlace {
  readonly program: string;
  readonly build: NginxBuild;
  /** Prefix; `nginx.conf` lies directly in it. */
  readonly folder: string;
  /** Folder of `error.log`. */
  readonly logs: string;
}

/** Runs in the foreground (the configuration says `daemon off`) until SIGQUIT (requests end first) or SIGTERM. */
export function nginxArgv({ program, build, folder, logs }: NginxPlace): string[] {
  const [major, minor, patch] = build.version;
  const early = major > 1 || minor > 19 || (minor === 19 && patch >= 5);
  return [program, '-p', folder, '-c', `${folder}/nginx.conf`, ...(early ? ['-e', `${logs}/error.log`] : [])];
}

/** Takes a configuration file's place, then has the nginx that runs with it read it anew. */
const INSTALL = `
cp "$1" "$2.new"
mv "$2.new" "$2"
[ -s "$3" ] || exit 0
read -r pid <"$3" || exit 0
case "$pid" in *[!0-9]*) exit 0 ;; esac
title=$(tr '\\0' ' ' 2>/dev/null <"/proc/$pid/cmdline") || exit 0
case "$title" in "nginx: master process "*" -c $2"*) kill -HUP "$pid" 2>/dev/null || exit 0 ;; esac
`;

/**
 * Puts a tested configuration in place and has it read. After a reboot another program may have the number in the pid file: only a master of
 * nginx whose title, which it makes of its arguments, names this very file gets the signal.
 * @param next the tested file; @param pid nginx's pid file
 */
export const nginxInstall = (next: string, { folder }: Pick<NginxPlace, 'folder'>, pid: string): Command => ({
  // One shell line, no value in it but as a positional parameter.
  ...cmd('sh', '-euc', INSTALL, 'sh', next, `${folder}/nginx.conf`, pid),
  timeoutSeconds: 30,
});

/** Exit 0 where nginx accepts the configuration; else standard error has file and line. */
export const nginxTest = (place: NginxPlace): Command => ({ ...cmd(...nginxArgv(place), '-t', '-q'), timeoutSeconds: 30 });

/** `reload` reads the configuration anew without dropping a request, `reopen` the log files after rotation, `quit` ends when the requests have, `stop` at once. */
export const nginxSignal = (place: NginxPlace, signal: 'reload' | 'reopen' | 'quit' | 'stop'): Command => ({
  ...cmd(...nginxArgv(place), '-s', signal),
  timeoutSeconds: 30,
});

/** Standard error of `nginx -t` as a Failure: our own configuration was refused, or a file it names is missing. */
export function nginxRefused(stderr: string): Failure {
  const first = stderr.match(/\[emerg\] (.*)/)?.[1] ?? stderr.trim().split('\n')[0] ?? 'nginx -t failed';
  const taken = first.match(/bind\(\) to (\S+) failed \(98/)?.[1];
  if (taken !== undefined)
    return new Failure('PORT_TAKEN', 'conflict', `${taken} is in use by another program`, {
      hint: 'slipway up --port 9443',
      detail: stderr,
    });
  return new Failure('NGINX_REFUSED', 'environment', `nginx refused its configuration: ${first}`, { detail: stderr });
}
