import type { EdgeConfig, EdgeServer } from './nginx-edge.js';

/** What a configuration for Apache depends on. */
export type ApacheServer = Pick<EdgeServer, 'version' | 'openssl'>;

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
  /** What counts attempts to log in, with its arguments: `count_logins.py`. Apache starts it, and asks it at `loginPaths`. */
  readonly loginCounter: readonly string[];
  readonly cache?: NonNullable<EdgeConfig['cache']> & {
    /** Folders, of what is kept and of lock files; both must belong to Apache's user. */
    readonly pages: string;
    readonly locks: string;
  };
  /** Names the site among others: what the app is reached by inside. Lower-case letters, digits, dashes. */
  readonly name: string;
}
