/** What `nginx -V` told: directives are chosen by it. */
export interface EdgeServer {
  readonly version: readonly [number, number, number];
  /** Of the library it runs with. */
  readonly openssl: readonly [number, number, number];
  /** The arguments it was configured with: `--with-http_v2_module`, `--without-http_uwsgi_module`, … */
  readonly configure: readonly string[];
}

/** Headers that Django's SecurityMiddleware and XFrameOptionsMiddleware send when they are in use. */
export type SecurityHeader =
  | 'Strict-Transport-Security'
  | 'X-Content-Type-Options'
  | 'Referrer-Policy'
  | 'Cross-Origin-Opener-Policy'
  | 'X-Frame-Options';

export type HstsReach = '' | '; includeSubDomains' | '; preload' | '; includeSubDomains; preload';

/** A name that is this edge's own among all that one nginx knows: an upstream, a zone, a variable (without its `$`). */
export const ownName = ({ scope }: Pick<EdgeConfig, 'scope'>, what: string): string =>
  scope === undefined ? `slipway_${what}` : `slipway_${scope}_${what}`;

/** Everything the edge's configuration depends on. All paths are absolute; what lies below `folder` is written relative to it. */
export interface EdgeConfig {
  readonly nginx: EdgeServer;
  /** Where the edge is one site of an nginx that others use too: what its own names hold. Lower-case letters, digits, underscores. */
  readonly scope?: string;
  /** nginx's prefix (`-p`); the configuration file lies directly in it. */
  readonly folder: string;
  readonly pid: string;
  /** Folder of `access.log` (JSON lines) and `error.log`; must exist. */
  readonly logs: string;
  /** Folder for buffered bodies and the cache; must exist and belong to the workers' user. */
  readonly temp: string;
  readonly listen: {
    /** `127.0.0.1`, `::1`, `0.0.0.0`, … */
    readonly addresses: readonly string[];
    readonly https: number;
    readonly http?: number;
  };
  /** Names and addresses it answers to, without ports: `shop.example`, `*.shop.example`, `localhost`, `127.0.0.1`, `::1`. */
  readonly domains: readonly string[];
  /** HTTP/3 too, on the UDP port of the same number: for an nginx that is built with it and has no site but Slipway's. */
  readonly http3?: boolean;
  /** Folder from which an authority's challenges are answered over plain HTTP. */
  readonly challenges?: string;
  /** Other hosts that the names lead to: a challenge that is not answered here may be one of theirs. IP addresses. */
  readonly challengePeers?: readonly string[];
  /** PEM files. */
  readonly certificate: string;
  readonly key: string;
  /** The symlink to the socket of the release that is live. */
  readonly upstreamSocket: string;
  readonly static: readonly StaticTree[];
  readonly media: readonly { readonly url: string; readonly root: string }[];
  /** Paths below those of files that are the app's nevertheless: it asks who may see them. Each begins and ends with a slash. */
  readonly passed?: readonly string[];
  /** Addresses and networks that tell of the client for others, before the edge. */
  readonly proxies?: {
    readonly trusted: readonly string[];
    /** TLS ends at them: they alone are served, over plain HTTP too, and say what the client spoke. */
    readonly plain: boolean;
  };
  /** File made by `errorPage()`, shown when the app does not answer. */
  readonly errorPage: string;
  /** File of the line that tells the app's server who asks, where that must be told. */
  readonly token?: string;
  readonly webSockets: boolean;
  /** Largest request body, in bytes. */
  readonly maxBody: number;
  /** How long the app may be silent within one answer. Default 60. */
  readonly responseSeconds?: number;
  /** Micro-cache for anonymous GETs below these paths. */
  readonly cache?: { readonly seconds: number; readonly paths: readonly string[] };
  readonly workerProcesses: number;
  /** Whom the workers become; only where nginx is started as root. */
  readonly user?: { readonly name: string; readonly group: string };
  /** Paths whose POSTs are limited to 20 a minute from one address. */
  readonly loginPaths?: readonly string[];
  /** max-age of Strict-Transport-Security where the edge sends it; 0 sends none. */
  readonly hstsSeconds: number;
  /** What follows it, as the domain's owner has decided: `; includeSubDomains; preload`. */
  readonly hstsReach?: HstsReach;
  /** Who sends the header on the app's own pages. `edge` hides the app's and sends its own; what the edge answers itself always has them. */
  readonly headers: Readonly<Record<SecurityHeader, 'app' | 'edge'>>;
}

/**
 * Static files of one URL prefix, in parallel trees with the same file names below each: `plain/`, and where compression pays `br/` and
 * `gz/`. Below those, files lie at their whole URL path: `<current>/plain/static/admin/css/base.css`, so STATIC_ROOT is
 * `<current>/plain` + STATIC_URL's path.
 */
export interface StaticTree {
  /** Begins and ends with a slash: `/static/`. */
  readonly url: string;
  /** Trees of the live release; may be, or lie below, a symlink. */
  readonly current: string;
  /** Trees that gather the hashed files of earlier releases, for pages that were loaded before the switch. */
  readonly kept?: string;
}
