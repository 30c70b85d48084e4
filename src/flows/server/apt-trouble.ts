import { Failure } from '../../core/failure.js';
import { type AptTrouble, aptTrouble } from '../../ops/apt-failure.js';

interface Words {
  readonly code: string;
  readonly kind: 'environment' | 'conflict';
  readonly message: (host: string) => string;
  readonly hint: (host: string) => string;
}

/** Of the rest, apt's own line says enough. */
const WORDS: Readonly<Partial<Record<AptTrouble['kind'], Words>>> = {
  expired: {
    code: 'PACKAGES_EXPIRED',
    kind: 'environment',
    message: (host) => `The package lists that ${host} gets are out of date: its mirror is no longer kept, or its clock is wrong`,
    hint: (host) => `ssh ${host} 'date; cat /etc/apt/sources.list /etc/apt/sources.list.d/*'   # then name a mirror that is kept`,
  },
  early: {
    code: 'CLOCK_WRONG',
    kind: 'environment',
    message: (host) => `For the clock of ${host} the package lists are of the future`,
    hint: (host) => `ssh ${host} sudo timedatectl set-ntp true`,
  },
  full: {
    code: 'DISK_FULL',
    kind: 'environment',
    message: (host) => `The disk of ${host} is full`,
    hint: (host) => `ssh ${host} df -h / /var`,
  },
  interrupted: {
    code: 'DPKG_UNFINISHED',
    kind: 'environment',
    message: (host) => `An installation on ${host} was cut off`,
    hint: (host) => `ssh -t ${host} sudo dpkg --configure -a`,
  },
  locked: {
    code: 'APT_LOCKED',
    kind: 'conflict',
    message: (host) => `Another program on ${host} is installing packages`,
    hint: (host) => `ssh ${host} sudo fuser -v /var/lib/dpkg/lock-frontend   # wait for it, and run this again`,
  },
};

/** What a package step failed with, told by its cause where apt has named one. Any other failure is given back as it is. */
export function packageFailure(error: unknown, host: string): unknown {
  if (!(error instanceof Failure) || error.code !== 'PACKAGES_FAILED') return error;
  const trouble = aptTrouble(error.detail ?? '');
  if (trouble === undefined) return error;
  const words = WORDS[trouble.kind];
  if (words === undefined)
    return new Failure(error.code, error.kind, `${error.message}: ${trouble.line}`, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      ...(error.detail === undefined ? {} : { detail: error.detail }),
      cause: error,
    });
  return new Failure(words.code, words.kind, `${words.message(host)} (${trouble.line})`, {
    hint: words.hint(host),
    ...(error.detail === undefined ? {} : { detail: error.detail }),
    cause: error,
  });
}
