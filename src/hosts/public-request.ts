import { X509Certificate } from 'node:crypto';
import { request } from 'node:https';
import { TLSSocket } from 'node:tls';

export interface PublicRequest {
  /** Name or address of the machine. */
  readonly address: string;
  /** What it is asked for. */
  readonly name: string;
  /** PEM; its first certificate is the only one that is taken, whoever gave it. */
  readonly certificate: string;
  readonly path: string;
  readonly agent: string;
  readonly timeoutMs: number;
}

/**
 * One GET over HTTPS to another machine, as a visitor would; no pool, no retry, no redirect followed. Gives the status.
 * @throws Error when there is no answer, or none of the machine that holds the certificate
 */
export function askPublicly(wanted: PublicRequest, signal?: AbortSignal): Promise<number> {
  const { raw } = new X509Certificate(wanted.certificate);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: wanted.address,
        port: 443,
        servername: wanted.name,
        path: wanted.path,
        headers: { host: wanted.name, accept: 'text/html', 'user-agent': wanted.agent, connection: 'close' },
        agent: false,
        // It is compared with the one we know instead, which no authority can vouch for better.
        rejectUnauthorized: false,
        signal: AbortSignal.any([AbortSignal.timeout(wanted.timeoutMs), ...(signal === undefined ? [] : [signal])]),
      },
      (incoming) => {
        incoming.on('error', reject);
        incoming.on('end', () => resolve(incoming.statusCode ?? 0));
        incoming.resume();
      },
    );
    outgoing.on('error', reject);
    outgoing.on('socket', (socket) => {
      socket.on('secureConnect', () => {
        if (socket instanceof TLSSocket && socket.getPeerX509Certificate()?.raw.equals(raw)) return;
        outgoing.destroy(new Error('another certificate is served than is installed'));
      });
    });
    outgoing.end();
  });
}
