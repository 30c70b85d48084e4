import { Failure } from '../../core/failure.js';
import type { Host } from '../../core/host.js';
import { hostStore, type SecretStore } from '../secret-file.js';

/** The first systemd with `systemd-creds`. */
const ENCRYPTS_SINCE = 250;

const NAME = 'slipway-secrets';

/** It comes by a pipe and is whole on the disk before the old one goes; what lay there in plain text goes too. */
const SEAL = `umask 077
mkdir -p -- "\${2%/*}"
systemd-creds encrypt --name="$1" - "$2.new" 2>/dev/null
sync -- "$2.new"
mv -f -- "$2.new" "$2"
rm -f -- "$3"`;

/** The file of an app's secrets on a host: encrypted with the host's own key where systemd can, for root alone in any case. */
export function sealedStore(host: Host, path: string, systemd: number): SecretStore {
  const plain = hostStore(host, path);
  if (systemd < ENCRYPTS_SINCE) return plain;
  const sealed = `${path}.cred`;
  return {
    path: `${host.name}:${sealed}`,
    read: async () => {
      const { code, stdout, stderr } = await host.exec({
        argv: ['sh', '-uc', '[ -e "$2" ] || exit 66; exec systemd-creds decrypt --name="$1" "$2" -', 'sh', NAME, sealed],
        timeoutSeconds: 30,
      });
      if (code === 0) return stdout;
      if (code === 66) return plain.read();
      throw new Failure('SECRETS_UNREADABLE', 'environment', `${sealed} on ${host.name} is not opened by the key of the host`, {
        detail: stderr.trimEnd(),
        hint: `ssh ${host.name} sudo ls -l ${sealed} /var/lib/systemd/credential.secret   # both come from the same backup, or from none`,
      });
    },
    write: async (text) => {
      const { code, stderr } = await host.exec({
        argv: ['sh', '-euc', SEAL, 'sh', NAME, sealed, path],
        stdin: text,
        timeoutSeconds: 30,
      });
      // A host that cannot encrypt, for want of a place for its key, keeps them as hosts with an older systemd do.
      if (code !== 0) await plain.write(text);
      if (code !== 0 && (await host.exists(sealed)))
        throw new Failure('SECRETS_UNREADABLE', 'environment', `${sealed} on ${host.name} could not be written`, {
          detail: stderr.trimEnd(),
          hint: `ssh ${host.name} df -h ${sealed}`,
        });
    },
  };
}
