import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { display } from '../core/command.js';
import { Failure } from '../core/failure.js';
import { trustCommands } from '../ops/trust.js';
import { authorityCertificate } from '../targets/local/layout.js';
import { openApp } from './app.js';
import { ensureCertificate } from './certificate.js';
import type { Context } from './context.js';
import { LOCAL_DOMAINS } from './place.js';
import { isExecutable } from './toolbox.js';

/** Makes this machine's programs and browsers trust the local authority, as far as this user may. @throws Failure TRUST_FAILED */
export async function trust(context: Context): Promise<{ ca: string; installed: boolean; message: string }> {
  const app = await openApp(context);
  await ensureCertificate(app, LOCAL_DOMAINS);
  const ca = authorityCertificate(app.at.home);
  const { commands, notes } = trustCommands(ca, {
    root: process.getuid?.() === 0,
    updateCaCertificates: await isExecutable(app.host, '/usr/sbin/update-ca-certificates'),
    certutil: await isExecutable(app.host, '/usr/bin/certutil'),
    nssDatabases: await nssDatabases(),
  });
  for (const command of commands) {
    const { code, stderr } = await app.host.exec(command, { signal: context.signal });
    if (code !== 0)
      throw new Failure('TRUST_FAILED', 'environment', `${display(command)} exited with ${code}`, {
        detail: stderr,
        hint: display(command),
      });
  }
  return { ca, installed: commands.length > 0, message: notes.join('\n') };
}

/** Chromium's one and every profile of Firefox. */
async function nssDatabases(): Promise<string[]> {
  const home = homedir();
  const found: string[] = [];
  for (const folder of [`${home}/.pki/nssdb`])
    if ((await readdir(folder).catch((): string[] => [])).includes('cert9.db')) found.push(folder);
  for (const profiles of [`${home}/.mozilla/firefox`, `${home}/snap/firefox/common/.mozilla/firefox`]) {
    for (const name of await readdir(profiles).catch((): string[] => [])) {
      if ((await readdir(`${profiles}/${name}`).catch((): string[] => [])).includes('cert9.db'))
        found.push(`${profiles}/${name}`);
    }
  }
  return found;
}
