import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setKey } from '../../src/config/edit.js';
import { flow } from '../../src/config/flow.js';
import { parseConfig } from '../../src/config/parse.js';
import { pipEnvironment } from '../live/lab/pip-environment.js';
import { type Escaper, isUnsayable } from './escaper.js';

const MOST_OUTPUT = 256 * 1024 * 1024;

/** What Slipway itself, or another program, reads of a slipway.yml. */
const yaml = (name: string, batch: number, write: (text: string) => string, read: (written: readonly string[]) => string[]) => ({
  name,
  batch,
  write,
  skip: (text: string) => /\p{Surrogate}/u.test(text),
  missing: () => false as const,
  open: async () => ({ read: async (written: readonly string[]) => read(written), close: async () => undefined }),
});

const listOf = (text: string): string[] => {
  const words = parseConfig(text, 'slipway.yml').config.settings?.['WORDS'];
  return Array.isArray(words) ? words.map(String) : [];
};

/** As `init` writes it. */
const draft = (written: readonly string[]): string => `settings:\n  WORDS: [${written.join(', ')}]\n`;

const drafted: Escaper = yaml('flow, slipway.yml', 5000, flow, (written) => listOf(draft(written)));

/** As `up --yes` and the like change a file that is there. */
const edited: Escaper = yaml(
  'setKey, slipway.yml',
  5000,
  (text) => {
    // What YAML can only be told by an escape is refused.
    if (NO_CHARACTER.test(text)) setKey('', ['settings', 'WORDS'], text);
    return text;
  },
  (written) => listOf(setKey('# a comment\napp: words\n', ['settings', 'WORDS'], [...written])),
);

/** https://yaml.org/spec/1.2.2/#51-character-set */
const NO_CHARACTER = /[^\t\n\r\x20-\x7e\x85\xa0-\ufffd\u{10000}-\u{10ffff}]/u;

const READ =
  'import json, sys, yaml; print(json.dumps(yaml.load(open(sys.argv[1], "rb"), yaml.CSafeLoader)["settings"]["WORDS"]))';

/** Editors and linters read YAML 1.1. */
const elsewhere: Escaper = {
  ...yaml('flow, PyYAML', 50_000, flow, () => []),
  // Of these PyYAML says that YAML does not have them, written as an escape or not.
  skip: (text) => isUnsayable(text),
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-words-'));
    const bin = await pipEnvironment(['PyYAML==6.0.2']);
    return {
      read: async (written) => {
        const path = join(folder, 'slipway.yml');
        writeFileSync(path, draft(written));
        const argv = ['-I', '-X', 'utf8', '-c', READ, path];
        const { status, stdout, stderr } = spawnSync(join(bin, 'python'), argv, { maxBuffer: MOST_OUTPUT });
        if (status !== 0) throw new Error(`PyYAML ended with ${status}: ${String(stderr)}`);
        const words: unknown = JSON.parse(String(stdout));
        return Array.isArray(words) ? words.map(String) : [];
      },
      close: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
};

export const YAML = [drafted, edited, elsewhere];
