import type { Step } from '../../core/plan.js';
import { EDGE_USER, serverFiles } from './layout.js';
import type { ServerHost, ServerOptions } from './options.js';
import { stepsOn } from './step.js';

/** Header of what only the edge knows; `slipway_runtime` takes it away before the app sees it. */
const HEADER = 'X-Slipway-Edge';

/**
 * One line for each front server, that sends it, and its hash, which everybody may read, for an Apache that asks for it (`mod-wsgi-conf.ts`).
 * All are made from one file, so that one that is lost comes back as it was.
 */
const MAKE = `umask 077; cd "$1"
[ -s token ] || { openssl rand -hex 32 >token.new; mv -f token.new token; }
token=$(cat token)
printf 'proxy_set_header ${HEADER} %s;\\n' "$token" >nginx.new
printf 'RequestHeader set ${HEADER} %s\\n' "$token" >apache.new
printf 'Define SLIPWAY_EDGE %s\\n' "$(printf %s "$token" | sha1sum | cut -d' ' -f1)" >known.new
chgrp ${EDGE_USER} nginx.new apache.new; chmod 640 nginx.new apache.new; chmod 644 known.new
for name in nginx apache known; do mv -f "$name.new" "token.$name"; done`;

const IS_MADE =
  'cd "$1" 2>/dev/null && [ -s token ] && [ -s token.nginx ] && [ -s token.apache ] && [ -s token.known ] || exit 1';

/**
 * What tells the edge from any other program of the host; made once, and it never leaves the host. Wanted before a release starts, and before the
 * edge is told of it, which for a release that was made long ago is all there is.
 */
export function edgeTokenStep(id: string, { layout }: Pick<ServerOptions, 'layout'>, host: ServerHost): Step {
  const args = ['sh', serverFiles(layout).token.folder];
  return stepsOn(host.name, 'prepare')(id, 'what the edge is known by', {
    kind: 'run',
    command: { argv: ['sh', '-euc', MAKE, ...args], timeoutSeconds: 30 },
    check: { command: { argv: ['sh', '-uc', IS_MADE, ...args] } },
  });
}
