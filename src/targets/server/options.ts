import type { Release } from '../../core/release.js';
import type { HstsReach } from '../../templates/nginx.js';
import type { Freedom, Network } from '../../templates/systemd-hardening.js';
import type { Layout } from '../layout.js';

export type Role = 'web' | 'worker' | 'beat' | 'database';

/** Where the edge's certificate comes from. Paths are the host's. */
export type Tls =
  | {
      readonly kind: 'acme';
      /** Directory URL; absent: Let's Encrypt. */
      readonly directory?: string;
      readonly email?: string;
      /** The text of a CA certificate that the directory's own server is trusted by. */
      readonly ca?: string;
      /** The text of a program that proves names by DNS. */
      readonly dnsHook?: string;
    }
  /** The user's own: the chain's text, and the name of the secret that is its key. */
  | { readonly kind: 'own'; readonly certificate: string; readonly keySecret: string }
  /** TLS ends before us; only these addresses and networks are believed what they say of the client. */
  | { readonly kind: 'external'; readonly trusted: readonly string[] };

/** What the server target needs to know beside the release itself. The same on every host of an environment. */
export interface ServerOptions {
  /** From `serverLayout`. */
  readonly layout: Layout;
  /** From `serverKey`: what units, files of the edge and the database are called by. */
  readonly key: string;
  /** From `serverUser`: whom the app's processes run as. */
  readonly user: string;
  /** Hash of everything the release was made from: the same again means there is nothing to do. */
  readonly inputs: string;
  /** Names the tree of collected static files; releases with the same share it. */
  readonly staticKey: string | null;
  /** Path of the virtual environment. */
  readonly venv: string;
  /** RFC 3339. */
  readonly created: string;
  readonly timeZone: string | null;
  readonly adminPath: string | null;
  readonly webSockets: boolean;
  /** One static file by its URL, to look at when it is live. */
  readonly sampleStatic: string | null;
  /** Folders next to the code that must outlive a release, as links. */
  readonly keptFolders: readonly { readonly path: string; readonly to: string }[];
  /** How many releases stay. */
  readonly keep: number;
  readonly edge: 'nginx' | 'apache';
  readonly tls: Tls;
  /** Addresses and networks before the edge that are believed who the client is, where TLS does not end at them. */
  readonly proxies?: readonly string[];
  /** Of the web processes; workers always reach the internet. */
  readonly network: Network;
  /** From `freedomsOf`: what the project's libraries need that is otherwise kept from its processes. */
  readonly freedoms: readonly Freedom[];
  /** `encrypted`: secrets lie on the host encrypted by `systemd-creds`, where it has a key of its own. */
  readonly secrets: 'plain' | 'encrypted';
  /** max-age of Strict-Transport-Security. */
  readonly hstsSeconds: number;
  /** What follows it. */
  readonly hstsReach?: HstsReach;
}

export type ServerRelease = Release<ServerOptions>;

/** One host, as steps need to know it. */
export interface ServerHost {
  /** `Step.host`. */
  readonly name: string;
  readonly roles: readonly Role[];
  /** The system's Python 3: `/usr/bin/python3`. */
  readonly python: string;
  /** From `packageFolder`. */
  readonly package: string;
  /** Of systemd: 252, 257. */
  readonly systemd: number;
}

export const launcherOf = ({ package: folder }: ServerHost): string => `${folder}/slipway_runtime/launch.py`;
export const hostTool = ({ package: folder }: ServerHost, name: string): string => `${folder}/slipway_host_tools/${name}`;
