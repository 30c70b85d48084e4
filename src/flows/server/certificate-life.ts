import { X509Certificate } from 'node:crypto';
import { stateFiles } from '../../targets/server/layout.js';
import type { ServerRelease } from '../../targets/server/options.js';
import type { CertificateStatus } from '../results.js';
import type { ServerApp } from './app.js';

/** Fewer days than these, and its renewal has failed for weeks. */
export const LEAST_DAYS = 14;
const DAY_MS = 86_400_000;

/** Whole days that are left; below zero for one that has expired. */
export function lifeOf(
  certificate: X509Certificate,
  now: Date,
): { readonly from: Date; readonly until: Date; readonly days: number } {
  const until = new Date(certificate.validTo);
  return { from: new Date(certificate.validFrom), until, days: Math.floor((until.getTime() - now.getTime()) / DAY_MS) };
}

/** What the edge of a host has been given; undefined where there is none, or where TLS ends before it. */
export async function installedCertificate(app: ServerApp, { options }: ServerRelease): Promise<X509Certificate | undefined> {
  const text = options.tls.kind === 'external' ? undefined : await app.system.read(stateFiles(options.layout).certificate);
  return text === undefined ? undefined : new X509Certificate(text);
}

/** What `status` tells of it. */
export async function certificateStatus(app: ServerApp, release: ServerRelease): Promise<CertificateStatus[]> {
  const certificate = await installedCertificate(app, release);
  if (certificate === undefined) return [];
  const { kind } = release.options.tls;
  const { until, days } = lifeOf(certificate, new Date());
  const isTemporary = kind === 'acme' && certificate.checkIssued(certificate);
  return [
    {
      host: app.place.name,
      kind: isTemporary ? 'temporary' : kind === 'acme' ? 'acme' : 'own',
      until: until.toISOString(),
      days,
    },
  ];
}
