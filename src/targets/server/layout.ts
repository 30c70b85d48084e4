import type { Layout } from '../layout.js';

export { type Layout, releaseFiles, sockets, stateFiles } from '../layout.js';

/** Names that Debian, Ubuntu or a package we may install gives to a user, a folder of /run or a unit: an app of such a name gets another. */
const TAKEN =
  /^(adm|apache2?|audio|backup|bin|cron|daemon|dbus|default|dhcpcd|disk|docker|fail2ban|games|gnats|initctl|irc|kmem|landscape|list|lock|log|lp|mail|man|messagebus|mount|mysqld?|mariadb|network|news|nginx|nobody|nogroup|operator|plugdev|pollinate|postfix|postgres(ql)?|proxy|redis(-server)?|root|rpc|screen|shadow|shm|slipway|src|sshd?|staff|sudo|sync|sys|syslog|systemd(-.*)?|tape|tcpdump|tmp|tss|tty|ubuntu|debian|admin|udev|user|users|utmp|uucp|uuidd|valkey|video|voice|www-data)$/;

/** How the app in an environment is called on a host: `shop`, `shop-staging`. In paths, units, and as its user where it is not too long. */
export function serverKey(app: string, environment: string): string {
  const key = environment === 'production' ? app : `${app}-${environment}`;
  return TAKEN.test(key) ? `${key}-app` : key;
}

/** Linux allows 32 characters: https://man7.org/linux/man-pages/man8/useradd.8.html */
const LONGEST_USER = 31;

/** The user of the app's processes: the key, or the beginning of it and a hash of the whole. */
export const serverUser = (key: string): string =>
  key.length <= LONGEST_USER ? key : `${key.slice(0, LONGEST_USER - 9)}-${fnv1a(key)}`;

/** http://www.isthe.com/chongo/tech/comp/fnv/ */
function fnv1a(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}

/** Debian's user of nginx and Apache. */
export const EDGE_USER = 'www-data';

/** Slipway's own folder on a host: tools, environments, its Python files, the store. */
export const SERVER_HOME = '/opt/slipway';

/** @param key from `serverKey` */
export const serverLayout = (key: string): Layout => ({ home: SERVER_HOME, state: `/srv/${key}`, run: `/run/${key}` });

/** Slipway's own Python files on a host: `slipway_runtime`, `slipway_tools` and `slipway_host_tools` lie in it. @param hash of their contents */
export const packageFolder = (home: string, hash: string): string => `${home}/package/${hash}`;

/** Where the system's own front server may write, and its administrator looks. */
export const edgeLogs = (at: Layout, edge: 'nginx' | 'apache'): string =>
  `/var/log/${edge === 'nginx' ? 'nginx' : 'apache2'}/${at.state.split('/').at(-1)}`;

/** What only servers have, beside `stateFiles`. */
export const serverFiles = (at: Layout) => ({
  /** 0700, root's; in it a file a secret, named by `credentialName`, that holds its value and nothing else. */
  secrets: `${at.state}/secrets`,
  edgeCache: `/var/cache/nginx/${at.state.split('/').at(-1)}`,
  /** Below the folder that Debian's own service keeps from growing. */
  apacheCache: {
    root: '/var/cache/apache2/mod_cache_disk',
    pages: `/var/cache/apache2/mod_cache_disk/${at.state.split('/').at(-1)}`,
    locks: `/var/cache/apache2/locks-${at.state.split('/').at(-1)}`,
  },
  /** What the edge is to run with, before it is tested and put in place. */
  edgeNext: `${at.state}/edge/next`,
  /** Where an authority's challenges are answered from. */
  acme: `${at.state}/edge/acme`,
  errorPage: `${at.state}/edge/error.html`,
  /** Which Apache asks whether somebody may try to log in. */
  loginCounter: `${at.state}/edge/count_logins.py`,
  /** By what an app's processes know the edge where other programs of the host reach them too: `edge-token.ts`. */
  token: {
    folder: `${at.state}/edge`,
    nginx: `${at.state}/edge/token.nginx`,
    apache: `${at.state}/edge/token.apache`,
    known: `${at.state}/edge/token.known`,
  },
  /** Certificate of the authority of a database server on another host. */
  databaseAuthority: `${at.state}/database-authority.pem`,
});
