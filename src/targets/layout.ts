/** Where everything of one app in one environment lies on this machine. Absolute paths; every name below the two roots is plain ASCII. */
export interface Layout {
  /** All of Slipway's state. */
  readonly home: string;
  /** This app's, in this environment. */
  readonly state: string;
  /** Sockets; short, because the path of a unix socket has at most 107 bytes. */
  readonly run: string;
}

/** @param home state of Slipway; @param key `shop-1a2b3c4d`; @param run a short folder for sockets */
export const layout = (home: string, key: string, environment: string, run: string): Layout => ({
  home,
  state: `${home}/apps/${key}/${environment}`,
  run,
});

export const environmentsFolder = (home: string): string => `${home}/environments`;
export const authorityFolder = (home: string): string => `${home}/authority`;
export const authorityCertificate = (home: string): string => `${home}/authority/ca.pem`;

export const stateFiles = (at: Layout) => ({
  lock: `${at.state}/lock`,
  record: `${at.state}/app.json`,
  ports: `${at.state}/ports.json`,
  secrets: `${at.state}/secrets.json`,
  fingerprintCache: `${at.state}/cache/fingerprint.json`,
  probeCache: `${at.state}/cache/probe`,
  data: `${at.state}/data`,
  media: `${at.state}/data/media`,
  logs: `${at.state}/logs`,
  journal: `${at.state}/journal.jsonl`,
  releases: `${at.state}/releases`,
  statics: `${at.state}/static`,
  keptStatic: `${at.state}/static/kept`,
  certificate: `${at.state}/edge/certificate.pem`,
  certificateKey: `${at.state}/edge/certificate-key.pem`,
  edge: `${at.state}/edge`,
  supervisor: `${at.state}/supervisor`,
  programs: `${at.state}/supervisor/programs`,
  cron: `${at.state}/cron`,
  launch: `${at.state}/launch`,
  /** A symlink to the folder of the release that is live: its rename is the switch. */
  live: `${at.state}/live`,
});

export const sockets = (at: Layout) => ({
  supervisor: `${at.run}/supervisor.sock`,
  /** What the edge connects to; through `live`, so that the switch of one symlink moves the socket and the static files together. */
  live: `${at.run}/live/web.sock`,
  liveFolder: `${at.run}/live`,
  postgresql: `${at.run}/pg`,
  mysql: `${at.run}/mysql`,
  redis: `${at.run}/redis.sock`,
  /** Temporary files of the app's processes: short, since programs put sockets of their own into it. */
  temp: `${at.run}/tmp`,
  /** … and of what makes a release. */
  work: `${at.run}/work`,
  web: (version: string) => `${at.run}/${version}.sock`,
  drain: (version: string) => `${at.run}/${version}.drain`,
});

export const releaseFiles = (at: Layout, version: string) => {
  const folder = `${at.state}/releases/${version}`;
  return {
    folder,
    source: `${folder}/source`,
    record: `${folder}/release.json`,
    /** Written last before the switch: a release without it never was whole. */
    ready: `${folder}/ready`,
    /** Written once it has held behind the edge: only such a release can be gone back to. */
    verified: `${folder}/verified`,
    /** What the last switch to it cost. */
    switched: `${folder}/switch.json`,
    pins: `${folder}/pins.json`,
    environment: `${folder}/environment.json`,
    launch: `${folder}/launch`,
    cron: `${folder}/cron`,
    servers: `${folder}/servers`,
    socket: `${folder}/web.sock`,
    static: `${folder}/static`,
  };
};

/** Supervisor's name of a release's group of programs. */
export const groupOf = (version: string): string => `release-${version}`;

/** Marks every process of the app, so that one whose supervisor was killed can be found. */
export const OWNER_VARIABLE = 'SLIPWAY_STATE';
