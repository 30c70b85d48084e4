import type { Warning } from '../core/failure.js';
import type { Host } from '../core/host.js';
import type { Project, UnbuiltFile } from '../core/project.js';

/**
 * Served files that only a build of the project's own makes, and that nothing has made in this release.
 * @param source the release's copy of the source, built
 */
export async function unbuiltWarnings(host: Host, source: string, { unbuilt }: Pick<Project, 'unbuilt'>): Promise<Warning[]> {
  const lacking: UnbuiltFile[] = [];
  for (const one of unbuilt ?? []) if (!(await host.exists(`${source}/${one.file.value}`))) lacking.push(one);
  return lacking.map(warning);
}

function warning({ file, maker }: UnbuiltFile): Warning {
  const by = maker === undefined ? '' : `; ${maker.from} writes it`;
  const command = maker?.value.join(' ') ?? '…';
  return {
    code: 'static-unbuilt',
    message: `${file.value} is not there: ${file.from} keeps it out of the repository, and nothing that was detected builds it${by}`,
    hint: `name the commands that do, in slipway.yml:  build: [${command}]`,
  };
}
