import type { LabHost } from './host.js';

export const PASSWORD = 'correct horse / "battery" $taple';

/** Accounts that root's key of the lab opens: `deploy` (sudo without a password), `asker` (sudo with one), `guest` (none), `shop` (no login). */
export async function addAccounts(host: LabHost): Promise<void> {
  await host.sh(`
    for name in deploy asker guest; do
      useradd --create-home --shell /bin/bash $name
      install -d -m 700 -o $name -g $name /home/$name/.ssh
      install -m 600 -o $name -g $name /root/.ssh/authorized_keys /home/$name/.ssh/authorized_keys
    done
    useradd --system --create-home --home-dir /var/lib/shop --shell /usr/sbin/nologin shop
    printf '%s\\n' 'deploy ALL=(ALL:ALL) NOPASSWD: ALL' 'asker ALL=(ALL:ALL) ALL' > /etc/sudoers.d/lab
    chmod 440 /etc/sudoers.d/lab`);
  await host.exec(['chpasswd'], { input: `asker:${PASSWORD}\nguest:${PASSWORD}\n` });
}
