import { type Command, cmd } from '../core/command.js';

type Version = readonly [number, number, number];

/** What a configuration for Apache depends on. */
export interface ApacheBuild {
  readonly version: Version;
  /** Of the library it runs with. */
  readonly openssl: Version;
  /** mod_qos is there and can be loaded. */
  readonly limits: boolean;
}

/** A module can be there for an Apache that was built otherwise: whether it can be loaded is asked of Apache itself. */
const ASK = `/usr/sbin/apache2 -v; openssl version; cd /usr/lib/apache2/modules
if /usr/sbin/apache2 -t -f /dev/null -C 'ErrorLog /dev/null' -C "LoadModule mpm_event_module $PWD/mod_mpm_event.so" \\
  -C "LoadModule qos_module $PWD/mod_qos.so" 2>/dev/null; then echo 'mod_qos can be loaded'; fi`;

/** Prints versions, and what there is, on standard output. */
export const apacheVersion: Command = { ...cmd('sh', '-uc', ASK), timeoutSeconds: 10 };

const read = (text: string | undefined): Version => {
  const parts = text?.match(/(\d+)\.(\d+)\.(\d+)/);
  return parts ? [Number(parts[1]), Number(parts[2]), Number(parts[3])] : [0, 0, 0];
};

/** Reads what `apacheVersion` printed; what it did not tell is 0.0.0, and gets the oldest words. */
export const parseApacheVersion = (output: string): ApacheBuild => ({
  version: read(output.match(/^Server version: Apache\/(\S+)/m)?.[1]),
  openssl: read(output.match(/^OpenSSL (\S+)/m)?.[1]),
  limits: /^mod_qos can be loaded$/m.test(output),
});
