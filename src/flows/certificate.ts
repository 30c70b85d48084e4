import { acquireLock } from '../hosts/lock.js';
import { authorityCertificate, authorityFolder, stateFiles } from '../targets/local/layout.js';
import type { App } from './app.js';

const PRIVATE = 0o600;

/** An authority is made in a moment. */
const WAIT_SECONDS = 30;

interface Authority {
  /** PEM. */
  readonly certificate: string;
  /** PEM. */
  readonly key: string;
}

type Place = Pick<App, 'host' | 'at'>;

/** A certificate for the names, of the local authority; both made only where they are missing or run out. */
export async function ensureCertificate(app: Place, names: readonly string[]): Promise<void> {
  const { issueCertificate, needsRenewal } = await import('../ops/certificate.js');
  const { host, at } = app;
  const state = stateFiles(at);
  const now = new Date();
  const authority = (await goodAuthority(app, names, now)) ?? (await makeAuthority(app, names, now));
  const own = await host.read(state.certificate);
  if (!needsRenewal(own, names, now, authority.certificate) && (await host.exists(state.certificateKey))) return;
  const leaf = await issueCertificate(authority, names, now);
  await host.write(state.certificateKey, leaf.key, PRIVATE);
  await host.write(state.certificate, leaf.certificate);
}

const authorityFiles = ({ at }: Place) => ({
  certificate: authorityCertificate(at.home),
  key: `${authorityFolder(at.home)}/ca-key.pem`,
});

/** The authority of this home; undefined where there is none that is good for these names, now. */
async function goodAuthority(app: Place, names: readonly string[], now: Date): Promise<Authority | undefined> {
  const { needsAuthority } = await import('../ops/certificate.js');
  const paths = authorityFiles(app);
  const [certificate, key] = await Promise.all([app.host.read(paths.certificate), app.host.read(paths.key)]);
  if (certificate === undefined || key === undefined || needsAuthority(certificate, names, now)) return undefined;
  return { certificate, key };
}

/** Apps of one home share it: one makes it, the others wait. @throws Failure LOCKED (conflict) */
async function makeAuthority(app: Place, names: readonly string[], now: Date): Promise<Authority> {
  const { createAuthority } = await import('../ops/certificate.js');
  const { host, at } = app;
  const paths = authorityFiles(app);
  await host.folder(authorityFolder(at.home), 0o755);
  const unlock = await acquireLock(`${authorityFolder(at.home)}/lock`, { command: 'up', waitSeconds: WAIT_SECONDS });
  try {
    const known = await goodAuthority(app, names, now);
    if (known !== undefined) return known;
    const authority = await createAuthority(now, names);
    // The key first: a certificate without its key would be trusted and of no use.
    await host.write(paths.key, authority.key, PRIVATE);
    await host.write(paths.certificate, authority.certificate);
    return authority;
  } finally {
    await unlock();
  }
}
