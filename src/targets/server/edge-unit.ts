import { type Directive, unitFile } from '../../templates/systemd-unit.js';

/**
 * nginx without root: its master runs as www-data with one capability, for the ports below 1024. It keeps its configuration of Debian's,
 * whose pid file is made for it beforehand.
 */
const CONFINED: readonly Directive[] = [
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
  ['CacheDirectory', 'nginx'],
  ['ReadWritePaths', '/run/nginx.pid /var/log/nginx /var/lib/nginx'],
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
  // Debian's `worker_cpu_affinity auto`, which would complain in the log at each start: it is told that it was done.
  ['SystemCallFilter', '~sched_setaffinity:0'],
];

/** A drop-in for Debian's nginx.service. */
export const nginxDropIn = (): string =>
  unitFile({
    unit: [
      ['After', 'network-online.target'],
      ['Wants', 'network-online.target'],
      ['StartLimitIntervalSec', '0'],
    ],
    kind: { name: 'Service', lines: CONFINED },
  });

/** Two weeks of the edge's logs. Who owns their folder also turns them over, so that no link in it leads root elsewhere. */
export const nginxRotation = (folder: string): string => `# Written by Slipway; changes are overwritten.
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
    systemctl kill --kill-whom=main -s USR1 nginx.service 2>/dev/null || true
  endscript
}
`;
