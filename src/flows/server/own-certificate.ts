import { createPrivateKey, X509Certificate } from 'node:crypto';
import { Failure, type Warning } from '../../core/failure.js';
import type { ServerApp } from './app.js';
import { LEAST_DAYS, lifeOf } from './certificate-life.js';
import type { Judged } from './obstacles.js';
import { readProjectFile } from './project-file.js';

/** What is wrong with a certificate of the user's own, before anything is touched; nothing where the app has none. @throws Failure FILES_MISSING (config) */
export async function certificateTrouble({ config, root, domains }: ServerApp): Promise<Judged> {
  const { tls } = config;
  if (tls === 'external' || tls?.certificate === undefined || tls.key === undefined) return { obstacles: [], warnings: [] };
  const [chain, key] = await Promise.all([readProjectFile(root, tls.certificate), readProjectFile(root, tls.key)]);
  return judgeCertificate({ path: tls.certificate, chain, keyPath: tls.key, key, domains }, new Date());
}

export interface OwnCertificate {
  readonly path: string;
  /** PEM, the site's own certificate first. */
  readonly chain: string;
  readonly keyPath: string;
  /** PEM. */
  readonly key: string;
  readonly domains: readonly string[];
}

export function judgeCertificate({ path, chain, keyPath, key, domains }: OwnCertificate, now: Date): Judged {
  const unusable = (message: string, hint: string): Judged => ({
    obstacles: [new Failure('CERTIFICATE_UNUSABLE', 'config', message, { hint })],
    warnings: [],
  });
  const certificate = parsed(() => new X509Certificate(chain));
  if (certificate === undefined) return unusable(`${path} holds no certificate`, `openssl x509 -in ${path} -noout -text`);
  const owner = parsed(() => createPrivateKey(key));
  if (owner === undefined || !certificate.checkPrivateKey(owner))
    return unusable(
      owner === undefined ? `${keyPath} holds no private key that can be read` : `${keyPath} is not the key of ${path}`,
      `openssl pkey -in ${keyPath} -pubout; openssl x509 -in ${path} -noout -pubkey   # must be the same`,
    );
  const { from, until, days } = lifeOf(certificate, now);
  if (from > now) return unusable(`${path} is good from ${day(from)} on, and not yet`, 'date -u   # is the clock right?');
  if (until <= now)
    return {
      obstacles: [
        new Failure('CERTIFICATE_EXPIRED', 'config', `${path} has expired on ${day(until)}: no visitor would be let in`, {
          hint: `put the new certificate into ${path} and its key into ${keyPath}, then deploy again`,
        }),
      ],
      warnings: [],
    };
  const foreign = domains.filter((domain) => certificate.checkHost(domain) === undefined);
  const warnings: Warning[] = [
    ...(days < LEAST_DAYS
      ? [{ code: 'certificate-expires', message: `${path} is good until ${day(until)} only`, hint: 'get a new one in time' }]
      : []),
    ...(foreign.length === 0
      ? []
      : [
          { code: 'certificate-names', message: `${path} does not name ${foreign.join(', ')}`, hint: 'browsers will warn there' },
        ]),
  ];
  return { obstacles: [], warnings };
}

const day = (date: Date): string => date.toISOString().slice(0, 10);

function parsed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
