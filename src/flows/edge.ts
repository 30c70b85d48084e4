import { stat } from 'node:fs/promises';
import type { Host } from '../core/host.js';
import { NGINX_PROGRAMS, nginxLacks, nginxVersion, parseNginxVersion } from '../ops/nginx.js';
import { toolPaths } from '../ops/toolbox.js';
import type { EdgeFacts } from '../targets/local/edge.js';
import type { Installed } from '../targets/local/paths.js';

/** The system's nginx where it can be the edge; undefined where the embedded one is to be brought. */
export async function systemNginx(host: Host): Promise<Installed['nginx'] | undefined> {
  for (const program of NGINX_PROGRAMS) {
    const found = await nginxAt(host, program);
    if (found !== undefined && nginxLacks(found.build) === undefined) return found;
  }
  return undefined;
}

/** The one of Slipway's tools, once it is there. */
export async function embeddedNginx(host: Host, home: string): Promise<Installed['nginx']> {
  const program = toolPaths(home).nginx;
  const { stderr } = await host.exec(nginxVersion(program));
  return { program, build: parseNginxVersion(stderr) };
}

async function nginxAt(host: Host, program: string): Promise<Installed['nginx'] | undefined> {
  const path = program.startsWith('/') ? program : await onPath(host, program);
  if (path === undefined || (await stat(path).catch(() => undefined)) === undefined) return undefined;
  const { code, stderr } = await host.exec(nginxVersion(path));
  return code === 0 ? { program: path, build: parseNginxVersion(stderr) } : undefined;
}

async function onPath(host: Host, program: string): Promise<string | undefined> {
  const { code, stdout } = await host.exec({ argv: ['sh', '-c', 'command -v "$1"', 'sh', program] });
  return code === 0 ? stdout.trim() : undefined;
}

/** Started as root, nginx's workers must still read what only root can: docs/decisions/0007-started-as-root.md */
export const edgeFacts = (): EdgeFacts => (process.getuid?.() === 0 ? { user: { name: 'root', group: 'root' } } : {});
