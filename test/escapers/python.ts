import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonString } from '../../src/ops/servers/server.js';
import { xmlCall } from '../../src/ops/xml-rpc.js';
import { type Escaper, isUnsayable } from './escaper.js';

const MOST_OUTPUT = 256 * 1024 * 1024;

/** What Python makes of a file that holds all of them. */
const python = (name: string, write: (text: string) => string, read: string, file: (written: readonly string[]) => string) => ({
  name,
  batch: 50_000,
  write,
  missing: () => false as const,
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-words-'));
    const path = join(folder, 'words');
    return {
      read: async (written: readonly string[]) => {
        writeFileSync(path, file(written));
        const { status, stdout, stderr } = spawnSync('python3', ['-I', '-c', read, path], { maxBuffer: MOST_OUTPUT });
        if (status !== 0) throw new Error(`python3 ended with ${status}: ${String(stderr)}`);
        const words: unknown = JSON.parse(String(stdout));
        return Array.isArray(words) ? words.map(String) : [];
      },
      close: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
});

const source: Escaper = {
  ...python(
    'pythonString, Python',
    pythonString,
    'import json, runpy, sys; print(json.dumps(runpy.run_path(sys.argv[1])["words"]))',
    (written) => `words = [\n${written.map((word) => `${word},\n`).join('')}]\n`,
  ),
  skip: (text) => /\p{Surrogate}/u.test(text),
};

/** As supervisord reads a call: https://docs.python.org/3/library/xmlrpc.client.html */
const calls: Escaper = {
  ...python(
    'escapeXml, xmlrpc',
    (text) => text,
    'import json, sys, xmlrpc.client; print(json.dumps(xmlrpc.client.loads(open(sys.argv[1], "rb").read())[0]))',
    (written) => xmlCall('words', written),
  ),
  // Characters that XML does not have at all are left out.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  skip: (text) => isUnsayable(text) || /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text),
};

export const PYTHON = [source, calls];
