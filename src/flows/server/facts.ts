import { Failure } from '../../core/failure.js';
import type { Host, Machine } from '../../core/host.js';
import { type NginxBuild, nginxVersion, parseNginxVersion } from '../../ops/nginx.js';
import { EDGE_IS_OURS } from '../../targets/server/base.js';

/** What a deployment has to know of a host before it plans. */
export interface HostFacts extends Machine {
  /** `debian`, `ubuntu`, …; from os-release(5). */
  readonly system: string;
  /** `13`, `24.04` */
  readonly version: string;
  readonly name: string;
  /** Of systemd: 252, 257. */
  readonly systemd: number;
  readonly ipv6: boolean;
}

const SUPPORTED: Readonly<Record<string, readonly string[]>> = { debian: ['12', '13'], ubuntu: ['22.04', '24.04', '26.04'] };

const SCRIPT = `. /etc/os-release
printf '%s\\n' "$ID" "$VERSION_ID" "$PRETTY_NAME" "$(nproc)" "$(awk '/^MemTotal:/ {print $2}' /proc/meminfo)" "$(uname -m)" \\
  "$(systemctl --version 2>/dev/null | awk 'NR == 1 {print $2}')" "$(test -s /proc/net/if_inet6 && echo yes)"`;

const ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: 'x64', aarch64: 'arm64' };

/** All of it in one question. @throws Failure HOST_UNSUPPORTED (environment), before anything is touched */
export async function hostFacts(host: Host): Promise<HostFacts> {
  const { stdout } = await host.exec({ argv: ['sh', '-c', SCRIPT], timeoutSeconds: 30 });
  const [system = '', version = '', name = '', cores, memory, machine = '', systemd, ipv6] = stdout.split('\n');
  if (!SUPPORTED[system]?.includes(version) || Number(systemd) < 249)
    throw new Failure(
      'HOST_UNSUPPORTED',
      'environment',
      `${host.name} runs ${name || 'a system without os-release'}, which Slipway does not set up`,
      {
        hint: 'use Debian 12 or 13, or Ubuntu 22.04, 24.04 or 26.04',
      },
    );
  return {
    system,
    version,
    name,
    cores: Number(cores) || 1,
    memory: (Number(memory) || 0) * 1024,
    architecture: ARCHITECTURES[machine] ?? machine,
    systemd: Number(systemd),
    ipv6: ipv6 === 'yes',
  };
}

/** PostgreSQL's version in each system's own packages. */
const POSTGRES: Readonly<Record<string, number>> = {
  'debian 12': 15,
  'debian 13': 17,
  'ubuntu 22.04': 14,
  'ubuntu 24.04': 16,
  'ubuntu 26.04': 18,
};

export const postgresMajor = ({ system, version }: HostFacts): number => POSTGRES[`${system} ${version}`] ?? 17;

/** Redis's version in each system's own packages. */
const REDIS: Readonly<Record<string, string>> = {
  'debian 12': '7.0',
  'debian 13': '8.0',
  'ubuntu 22.04': '6.0',
  'ubuntu 24.04': '7.0',
  'ubuntu 26.04': '8.0',
};

export const redisVersion = ({ system, version }: HostFacts): string => REDIS[`${system} ${version}`] ?? '7.0';

/** What nginx of the host can do, and whether its configuration is Slipway's. Asked when nginx is there. */
export async function edgeOf(host: Host, { ipv6 }: HostFacts): Promise<{ nginx: NginxBuild; ours: boolean; ipv6: boolean }> {
  const [{ stderr }, ours] = await Promise.all([host.exec(nginxVersion('/usr/sbin/nginx')), host.exists(EDGE_IS_OURS)]);
  return { nginx: parseNginxVersion(stderr), ours, ipv6 };
}
