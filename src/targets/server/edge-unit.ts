import { type Directive, unitFile } from '../../templates/systemd-unit.js';

/** A front server without root: its first process runs as www-data with one capability, for the ports below 1024. */
const CONFINED: readonly Directive[] = [
  ['KillMode', 'mixed'],
  ['TimeoutStopSec', '15'],
  ['Restart', 'always'],
  ['RestartSec', '1'],
  ['User', 'www-data'],
  ['Group', 'www-data'],
  ['UMask', '0027'],
  ['LimitNOFILE', '65536'],
  ['AmbientCapabilities', 'CAP_NET_BIND_SERVICE'],
  ['CapabilityBoundingSet', 'CAP_NET_BIND_SERVICE'],
  ['NoNewPrivileges', 'yes'],
  ['PrivateTmp', 'yes'],
  ['PrivateDevices', 'yes'],
  ['PrivateIPC', 'yes'],
  ['PrivateMounts', 'yes'],
  ['DevicePolicy', 'closed'],
  ['ProtectSystem', 'strict'],
  ['ProtectHome', 'yes'],
  ['ProtectHostname', 'yes'],
  ['ProtectClock', 'yes'],
  ['ProtectKernelTunables', 'yes'],
  ['ProtectKernelModules', 'yes'],
  ['ProtectKernelLogs', 'yes'],
  ['ProtectControlGroups', 'yes'],
  ['ProtectProc', 'invisible'],
  ['ProcSubset', 'pid'],
  ['RestrictNamespaces', 'yes'],
  ['RestrictRealtime', 'yes'],
  ['RestrictSUIDSGID', 'yes'],
  ['RestrictAddressFamilies', 'AF_UNIX AF_INET AF_INET6'],
  ['LockPersonality', 'yes'],
  ['MemoryDenyWriteExecute', 'yes'],
  ['RemoveIPC', 'yes'],
  ['KeyringMode', 'private'],
  ['SystemCallArchitectures', 'native'],
  ['SystemCallFilter', '@system-service'],
  ['SystemCallFilter', '~@privileged @resources'],
  ['SystemCallErrorNumber', 'EPERM'],
];

/** It keeps its configuration of Debian's, whose pid file is made for it beforehand. */
const NGINX: readonly Directive[] = [
  ['Type', 'exec'],
  ['PIDFile', ''],
  ['ExecStartPre', ''],
  ['ExecStartPre', "/usr/sbin/nginx -t -q -g 'daemon off;'"],
  ['ExecStart', ''],
  ['ExecStart', "/usr/sbin/nginx -g 'daemon off;'"],
  ['ExecReload', ''],
  ['ExecReload', "/usr/sbin/nginx -t -q -g 'daemon off;'"],
  ['ExecReload', '/bin/kill -s HUP $MAINPID'],
  ['ExecStop', ''],
  ['KillSignal', 'SIGQUIT'],
  ['CacheDirectory', 'nginx'],
  ['ReadWritePaths', '/run/nginx.pid /var/log/nginx /var/lib/nginx'],
  ...CONFINED,
  // Debian's `worker_cpu_affinity auto`, which would complain in the log at each start: it is told that it was done.
  ['SystemCallFilter', '~sched_setaffinity:0'],
];

/** Debian's own log folder is root's: what Apache says outside of sites goes below it. What it is told is otherwise that of Debian's envvars. */
const APACHE: readonly Directive[] = [
  ['Type', 'exec'],
  ['PIDFile', ''],
  [
    'Environment',
    'APACHE_RUN_USER=www-data APACHE_RUN_GROUP=www-data LANG=C APACHE_RUN_DIR=/run/apache2 APACHE_LOCK_DIR=/run/apache2',
  ],
  ['Environment', 'APACHE_PID_FILE=/run/apache2/apache2.pid APACHE_LOG_DIR=/var/log/apache2/server'],
  ['RuntimeDirectory', 'apache2'],
  ['LogsDirectory', 'apache2/server'],
  ['LogsDirectoryMode', '0750'],
  ['ExecStartPre', ''],
  ['ExecStartPre', '/usr/sbin/apache2 -t'],
  ['ExecStart', ''],
  ['ExecStart', '/usr/sbin/apache2 -DFOREGROUND'],
  ['ExecReload', ''],
  ['ExecReload', '/usr/sbin/apache2 -t'],
  ['ExecReload', '/bin/kill -s USR1 $MAINPID'],
  ['ExecStop', ''],
  // Requests in flight end first.
  ['KillSignal', 'SIGWINCH'],
  ['ReadWritePaths', '/var/log/apache2 -/var/cache/apache2'],
  ...CONFINED,
];

/** A drop-in for the unit of Debian's own. */
const dropIn = (lines: readonly Directive[]): string =>
  unitFile({
    unit: [
      ['After', 'network-online.target'],
      ['Wants', 'network-online.target'],
      ['StartLimitIntervalSec', '0'],
    ],
    kind: { name: 'Service', lines },
  });

export const nginxDropIn = (): string => dropIn(NGINX);
export const apacheDropIn = (): string => dropIn(APACHE);

/** Debian's units. */
export const EDGE_UNITS = { nginx: 'nginx.service', apache: 'apache2.service' } as const;

/** Each reads its log files anew in its own way; Apache does with its configuration. */
const REOPEN = {
  nginx: 'systemctl kill --kill-whom=main -s USR1 nginx.service',
  apache: 'systemctl reload apache2.service',
} as const;

/** Two weeks of the edge's logs. Who owns their folder also turns them over, so that no link in it leads root elsewhere. */
export const edgeRotation = (edge: 'nginx' | 'apache', folder: string): string => `# Written by Slipway; changes are overwritten.
${folder}/*.log {
  daily
  rotate 14
  maxsize 200M
  missingok
  notifempty
  compress
  delaycompress
  su www-data adm
  create 0640 www-data adm
  sharedscripts
  postrotate
    ${REOPEN[edge]} 2>/dev/null || true
  endscript
}
`;
