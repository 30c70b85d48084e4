import type { Step } from '../../core/plan.js';
import { hostTool, type ServerHost, type ServerOptions } from './options.js';
import { stepsOn } from './step.js';

/** Takes away what no release of this host needs any more. */
export const pruneSteps = (options: Pick<ServerOptions, 'layout' | 'key' | 'keep'>, host: ServerHost): Step[] => [
  stepsOn(host.name, 'clean')('prune', 'older releases', {
    kind: 'run',
    command: {
      argv: [
        ...[host.python, '-I', '-S', hostTool(host, 'prune.py'), '--key', options.key, '--state', options.layout.state],
        ...['--home', options.layout.home, '--keep', String(options.keep), '--package', host.package.split('/').at(-1) ?? ''],
      ],
      timeoutSeconds: 300,
    },
  }),
];
