import type { ApacheServer } from './apache-edge.js';
import { quoteApache } from './apache-quote.js';
import type { Lines } from './nginx-lines.js';
import { CIPHERS, groups } from './nginx-tls.js';

/** The same guideline as nginx's (`nginx-tls.ts`). @param files paths of certificate and key, PEM */
export const apacheTls = ({ openssl }: ApacheServer, files: { readonly certificate: string; readonly key: string }): Lines => [
  'SSLEngine on',
  `SSLCertificateFile ${quoteApache(files.certificate)}`,
  `SSLCertificateKeyFile ${quoteApache(files.key)}`,
  'SSLProtocol -all +TLSv1.2 +TLSv1.3',
  `SSLCipherSuite ${CIPHERS.join(':')}`,
  'SSLHonorCipherOrder off',
  'SSLCompression off',
  'SSLSessionTickets off',
  `SSLOpenSSLConfCmd Groups ${groups({ openssl })}`,
  'Protocols h2 http/1.1',
];
