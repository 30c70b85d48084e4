import type { Layout } from './layout.js';

/** What the local target needs to know beside the release itself. */
export interface LocalOptions {
  readonly layout: Layout;
  readonly httpsPort: number;
  readonly httpPort: number;
  /** Hash of everything the release was made from: the same again means there is nothing to do. */
  readonly inputs: string;
  /** Names the tree of collected static files; releases with the same share it. */
  readonly staticKey: string | null;
  /** Path of the virtual environment. */
  readonly venv: string;
  /** Folder of the processes' temporary files; gone with them. */
  readonly temp?: string;
  /** True where its processes may keep the bytecode of what they import. */
  readonly writesBytecode?: boolean;
  /** RFC 3339. */
  readonly created: string;
  /** The project's TIME_ZONE: Django sets its processes to it, and some write times without a zone. */
  readonly timeZone: string | null;
  readonly adminPath: string | null;
  readonly webSockets: boolean;
  /** One static file by its URL, to look at when it is live. */
  readonly sampleStatic: string | null;
  /** Files of `slipway.yml`'s environment kept as links: folders next to the code that must outlive a release. */
  readonly keptFolders: readonly { readonly path: string; readonly to: string }[];
  /** How many releases stay. */
  readonly keep: number;
}
