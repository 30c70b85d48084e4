import { type Command, cmd } from '../core/command.js';

type Version = readonly [number, number, number];

/** What a configuration for Apache depends on. */
export interface ApacheBuild {
  readonly version: Version;
  /** Of the library it runs with. */
  readonly openssl: Version;
}

/** Prints versions on standard output. */
export const apacheVersion: Command = { ...cmd('sh', '-uc', '/usr/sbin/apache2 -v; openssl version'), timeoutSeconds: 10 };

const read = (text: string | undefined): Version => {
  const parts = text?.match(/(\d+)\.(\d+)\.(\d+)/);
  return parts ? [Number(parts[1]), Number(parts[2]), Number(parts[3])] : [0, 0, 0];
};

/** Reads what `apacheVersion` printed; what it did not tell is 0.0.0, and gets the oldest words. */
export const parseApacheVersion = (output: string): ApacheBuild => ({
  version: read(output.match(/^Server version: Apache\/(\S+)/m)?.[1]),
  openssl: read(output.match(/^OpenSSL (\S+)/m)?.[1]),
});
