import { authorityCertificate, authorityFolder, stateFiles } from '../targets/local/layout.js';
import type { App } from './app.js';

const PRIVATE = 0o600;

/** A certificate for the names, of the local authority; both made only where they are missing or run out. Gives what was made, for people. */
export async function ensureCertificate(app: App, names: readonly string[]): Promise<void> {
  const { createAuthority, issueCertificate, needsAuthority, needsRenewal } = await import('../ops/certificate.js');
  const { host, at } = app;
  const state = stateFiles(at);
  const paths = { certificate: authorityCertificate(at.home), key: `${authorityFolder(at.home)}/ca-key.pem` };
  const now = new Date();
  const known = await host.read(paths.certificate);
  const key = await host.read(paths.key);
  let authority = known === undefined || key === undefined ? undefined : { certificate: known, key };
  if (authority === undefined || needsAuthority(authority.certificate, names, now)) {
    await host.folder(authorityFolder(at.home), 0o755);
    authority = await createAuthority(now, names);
    // The key first: a certificate without its key would be trusted and of no use.
    await host.write(paths.key, authority.key, PRIVATE);
    await host.write(paths.certificate, authority.certificate);
  }
  const own = await host.read(state.certificate);
  if (!needsRenewal(own, names, now, authority.certificate) && (await host.exists(state.certificateKey))) return;
  const leaf = await issueCertificate(authority, names, now);
  await host.write(state.certificateKey, leaf.key, PRIVATE);
  await host.write(state.certificate, leaf.certificate);
}
