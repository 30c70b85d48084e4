import type { EdgeConfig, EdgeServer } from './nginx-edge.js';

/** What a configuration for Apache depends on. */
export interface ApacheServer extends Pick<EdgeServer, 'version' | 'openssl'> {
  /** mod_qos is there and can be loaded, which counts log-ins. */
  readonly limits?: boolean;
}

/** What the edge is, for Apache: as one site of the system's. */
export interface ApacheEdge
  extends Pick<
    EdgeConfig,
    | 'domains'
    | 'challenges'
    | 'certificate'
    | 'key'
    | 'upstreamSocket'
    | 'static'
    | 'media'
    | 'passed'
    | 'proxies'
    | 'errorPage'
    | 'token'
    | 'loginPaths'
    | 'webSockets'
    | 'maxBody'
    | 'responseSeconds'
    | 'hstsSeconds'
    | 'hstsReach'
    | 'headers'
    | 'logs'
  > {
  readonly apache: ApacheServer;
  readonly cache?: NonNullable<EdgeConfig['cache']> & {
    /** Folders, of what is kept and of lock files; both must belong to Apache's user. */
    readonly pages: string;
    readonly locks: string;
  };
  /** Names the site among others: what the app is reached by inside. Lower-case letters, digits, dashes. */
  readonly name: string;
}
