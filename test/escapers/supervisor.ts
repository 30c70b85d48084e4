import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { iniCommand, iniValue } from '../../src/templates/ini.js';
import { pipEnvironment } from '../live/lab/pip-environment.js';
import type { Escaper } from './escaper.js';

const MOST_OUTPUT = 256 * 1024 * 1024;

/** As supervisord reads its file, with the expansions of a program's section. */
const READ = `
import json, shlex, sys
from supervisor.options import UnhosedConfigParser
parser = UnhosedConfigParser()
parser.mysection = 'program:words'
parser.expansions = {'here': '/here', 'host_node_name': 'node', 'ENV_HOME': '/home'}
parser.read(sys.argv[1])
words = [parser.saneget('program:words', 'w%d' % n, None, expansions={'program_name': 'words', 'process_num': 0}) for n in range(int(sys.argv[2]))]
json.dump([shlex.split(word)[0] for word in words] if sys.argv[3] == 'command' else words, sys.stdout)
`;

const supervisor = (name: string, kind: 'value' | 'command', write: (text: string) => string): Escaper => ({
  name: `${name}, supervisor`,
  batch: 20_000,
  write,
  // An empty value is said by leaving it out.
  skip: (text) => /\p{Surrogate}/u.test(text) || (kind === 'value' && text === ''),
  missing: () => false,
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-words-'));
    const bin = await pipEnvironment(['supervisor==4.3.0', 'setuptools<80']);
    return {
      read: async (written) => {
        const file = join(folder, 'supervisord.conf');
        writeFileSync(file, `[program:words]\n${written.map((word, index) => `w${index}=${word}\n`).join('')}`);
        const argv = ['-I', '-X', 'utf8', '-c', READ, file, String(written.length), kind];
        const { status, stdout, stderr } = spawnSync(join(bin, 'python'), argv, { maxBuffer: MOST_OUTPUT });
        if (status !== 0) throw new Error(`supervisor's parser ended with ${status}: ${String(stderr)}`);
        const words: unknown = JSON.parse(String(stdout));
        return Array.isArray(words) ? words.map(String) : [];
      },
      close: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
});

export const SUPERVISOR = [
  supervisor('iniValue', 'value', iniValue),
  supervisor('iniCommand', 'command', (text) => iniCommand([text])),
];
