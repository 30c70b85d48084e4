import type { ProbeError } from '../core/facts.js';
import { releaseFiles } from '../targets/local/layout.js';
import type { Making } from './making.js';
import { readJson } from './toolbox.js';

export interface KeyFile {
  /** Makes the file that the settings read their key from; false where the error is about another one, or one outside the project. */
  place(error: ProbeError): Promise<boolean>;
}

/** Lines after the one that opens a file in which what it holds is assigned. */
const REACH = 4;

/**
 * The file with the SECRET_KEY, which nobody commits: it gets the app's own key, in the release's copy. That it was needed is remembered, since a
 * kept answer of the settings does not ask again.
 */
export async function openKeyFile({ app, version }: Pick<Making, 'app' | 'version'>): Promise<KeyFile> {
  const known = `${app.at.state}/cache/key-file.json`;
  const { source } = releaseFiles(app.at, version);
  const put = async (path: string): Promise<void> => {
    await app.secrets.ensure('SECRET_KEY');
    await app.host.write(`${source}/${path}`, `${await app.secrets.resolve('SECRET_KEY')}\n`, 0o600);
  };
  const before = await readJson(app.host, known);
  if (typeof before === 'string') await put(before);
  return {
    place: async (error) => {
      const frame = error.frames.at(-1);
      if (error.kind !== 'missing-file' || error.name === undefined || frame === undefined) return false;
      if (error.name.startsWith('/') || /\.py$/.test(error.name) || (await app.host.exists(`${source}/${error.name}`)))
        return false;
      const lines = ((await app.host.read(`${source}/${frame.file}`)) ?? '').split('\n');
      if (!lines.slice(frame.line - 1, frame.line + REACH).some((line) => /\bSECRET_KEY\s*=/.test(line))) return false;
      await put(error.name);
      await app.host.write(known, JSON.stringify(error.name));
      return true;
    },
  };
}
