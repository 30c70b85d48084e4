import { basename } from 'node:path';
import type { LabHost } from '../../live/lab/hosts/host.js';

/** All that a deployment writes to, without what a machine does by itself. */
const FOLDERS = '/etc /srv /opt /usr /root /home /var/lib/dpkg /var/lib/apt /var/www /var/lib/systemd/linger';

/** What is another line once anything of a machine was changed: files, packages, users, what runs, what comes in. */
export async function machineState(host: LabHost): Promise<string[]> {
  const told = await host.sh(`
    for folder in ${FOLDERS}; do
      [ -e $folder ] && find $folder -xdev -printf '%p %y %s %m %U %G %C@\\n'
    done
    systemctl list-units --plain --no-legend --type=service --state=running | cut -d' ' -f1 | grep -v '^\\(session\\|user\\)'
    nft list ruleset 2>/dev/null || true`);
  return told.split('\n').sort();
}

/**
 * Paths and units that have the app's name, after it was taken away; not the empty folders for mounts that Ubuntu 22.04's systemd 249 keeps of
 * every unit until the machine starts anew: https://github.com/systemd/systemd/issues/28271
 * @param project its folder
 */
export async function ofApp(host: LabHost, project: string): Promise<string[]> {
  const name = basename(project).replace(/[^a-zA-Z0-9]+/g, '?');
  const found = await host.sh(`
    find /srv /etc /opt/slipway /run /var/lib /var/log -xdev '(' -path '*journal*' -o -path '/run/systemd/propagate' ')' -prune -o -iname '${name}*' -print 2>/dev/null || true
    systemctl list-units --all --plain --no-legend '${name}*' | cut -d' ' -f1`);
  return found.split('\n').filter((line) => line !== '');
}
