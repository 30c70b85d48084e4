import { Failure } from '../../core/failure.js';
import type { ServerApp } from './app.js';

/** How one host of an environment is reached by others. */
export interface Network {
  /** Of the one that is reached: it listens there. */
  readonly address: string;
  /** Of those that come, as it sees them. */
  readonly clients: readonly string[];
}

/** `resolve NAME` prints an address, `source ADDRESS` our own on the way there, `own ADDRESS` fails where it is not this machine's. */
const SCRIPT = `import socket, sys
verb, word = sys.argv[1:]
family = socket.AF_INET6 if ':' in word else socket.AF_INET
if verb == 'resolve':
    print(socket.getaddrinfo(word, None)[0][4][0])
elif verb == 'source':
    end = socket.socket(family, socket.SOCK_DGRAM)
    end.connect((word, 9))
    print(end.getsockname()[0])
else:
    socket.socket(family, socket.SOCK_STREAM).bind((word, 0))
`;

/**
 * Finds out by which addresses hosts reach another one, on these hosts themselves.
 * @throws Failure PRIVATE_ADDRESS (config) where that is not to be found out
 */
export async function networkOf(server: ServerApp, clients: readonly ServerApp[]): Promise<Network> {
  const [first] = clients;
  const address = server.privateAddress ?? (await ask(first ?? server, 'resolve', server.connection.account.hostName));
  if (address === undefined || isLoopback(address) || (await ask(server, 'own', address)) === undefined)
    throw unknownAddress(server, address ?? server.connection.account.hostName);
  const sources = await Promise.all(
    clients.map(async (client) => {
      const source = client.privateAddress ?? (await ask(client, 'source', address));
      if (source === undefined || isLoopback(source)) throw unknownAddress(client, source ?? 'no way to it');
      return source;
    }),
  );
  return { address, clients: [...new Set(sources)].sort() };
}

const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';

async function ask({ system, place }: ServerApp, verb: string, word: string): Promise<string | undefined> {
  const { code, stdout } = await system.exec({ argv: [place.python, '-I', '-S', '-c', SCRIPT, verb, word], timeoutSeconds: 30 });
  return code === 0 ? stdout.trim() : undefined;
}

const unknownAddress = ({ place }: ServerApp, found: string): Failure =>
  new Failure(
    'PRIVATE_ADDRESS',
    'config',
    `By which address the other hosts reach ${place.name} is not known: ${found} is none of its own`,
    {
      hint: `hosts: [{address: ${place.name}, private_address: 10.0.0.12}]   # in slipway.yml: its address in the network the hosts share`,
    },
  );
