import type { Warning } from '../core/failure.js';
import type { MissingFile } from '../core/project.js';
import { filledExample } from '../ops/example-file.js';
import { releaseFiles } from '../targets/local/layout.js';
import type { Making } from './making.js';
import { readJson } from './toolbox.js';

export interface Examples {
  /** False where there is nothing to place. */
  place(): Promise<boolean>;
  warnings(): readonly Warning[];
}

type WithExample = MissingFile & { readonly example: string };

/**
 * Files that the settings want, that are not in the tree, and that the project ships an example for. They are placed into the release's copy where the
 * settings do not load without; that they were needed is remembered, since a kept answer of the settings does not ask again.
 */
export async function openExamples({ app, version, project, placedFiles }: Making): Promise<Examples> {
  const known = `${app.at.state}/cache/examples.json`;
  const { source } = releaseFiles(app.at, version);
  const candidates = project.missingFiles.filter(
    (file): file is WithExample => file.example !== undefined && !(file.path in placedFiles),
  );
  const placed: WithExample[] = [];
  const put = async (files: readonly WithExample[]): Promise<void> => {
    for (const file of files) {
      const content = await app.host.read(`${source}/${file.example}`);
      if (content === undefined) continue;
      await app.host.write(`${source}/${file.path}`, filledExample(file.path, content), app.privateMode);
      placed.push(file);
    }
  };
  const before = await readJson(app.host, known);
  if (Array.isArray(before)) await put(candidates.filter(({ path }) => before.includes(path)));
  return {
    place: async () => {
      const left = candidates.filter((file) => !placed.includes(file));
      if (left.length === 0) return false;
      await put(left);
      await app.host.write(known, JSON.stringify(placed.map(({ path }) => path)));
      return true;
    },
    warnings: () =>
      placed.map(({ path, example, from }) => ({
        code: 'example-used',
        message: `${from} needs ${path}, which is not in the tree: ${example} is used in its place`,
        hint: `cp ${example} ${path}, say what is right for you in it, and name it in slipway.yml: files: {${path}: PATH}`,
      })),
  };
}
