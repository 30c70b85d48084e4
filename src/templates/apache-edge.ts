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
    | 'webSockets'
    | 'maxBody'
    | 'responseSeconds'
    | 'hstsSeconds'
    | 'hstsReach'
    | 'headers'
    | 'logs'
  > {
  readonly apache: ApacheServer;
  /** Names the site among others: what the app is reached by inside. Lower-case letters, digits, dashes. */
  readonly name: string;
}
