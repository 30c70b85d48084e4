import { readFileSync, writeFileSync } from 'node:fs';
import { execWord, lineValue, listWord } from '../../src/templates/systemd-quote.js';
import { unitFile } from '../../src/templates/systemd-unit.js';
import { tmpfilesConf } from '../../src/templates/tmpfiles.js';
import { type Lab, openLab } from '../live/lab/hosts/lab.js';
import { labMissing } from '../live/lab/hosts/missing.js';
import type { Escaper } from './escaper.js';
import { plainText } from './random-text.js';

const UNIT = 'words.service';
const SAVE = 'import json,os,sys; json.dump([sys.argv[1:], dict(os.environ)], open("/tmp/words.json", "w"))';

type Line = readonly [string, string];

/** Words in a unit file of a host with a real systemd, and what came of them. */
const systemd = (
  name: string,
  batch: number,
  write: (text: string) => string,
  unitOf: (written: readonly string[]) => { readonly unit?: readonly Line[]; readonly lines: readonly Line[] },
  told: (answer: readonly [readonly string[], Readonly<Record<string, string>>], count: number) => string[],
): Escaper => ({
  name: `${name}, systemd`,
  batch,
  write,
  skip: (text) => text.includes('\0'),
  missing: labMissing,
  open: async () => {
    const lab: Lab = await openLab({ hosts: 1 });
    const [host] = lab.hosts;
    if (host === undefined) throw new Error('the lab has no host');
    return {
      read: async (written) => {
        const { unit = [], lines } = unitOf(written);
        const content = unitFile({ unit, kind: { name: 'Service', lines: [['Type', 'oneshot'], ...lines] } });
        writeFileSync(await host.path(`/etc/systemd/system/${UNIT}`), content);
        await host.sh(`rm -f /tmp/words.json; systemctl daemon-reload; systemctl start ${UNIT}`, { timeoutMs: 120_000 });
        return told(JSON.parse(readFileSync(await host.path('/tmp/words.json'), 'utf8')), written.length);
      },
      close: () => lab.close(),
    };
  },
});

const PROGRAM = `/usr/bin/python3 -c ${execWord(SAVE)}`;

const words = systemd(
  'execWord',
  15_000,
  execWord,
  (written) => ({ lines: [['ExecStart', [PROGRAM, ...written].join(' ')]] }),
  ([argv]) => [...argv],
);

const variables = systemd(
  'listWord',
  // Each variable is looked for among those that were said before.
  4000,
  (text) => listWord(`V=${text}`),
  (written) => ({
    lines: [
      ...written.map((word, index): Line => ['Environment', word.replace(/^("?)V=/, `$1V${index}=`)]),
      ['ExecStart', PROGRAM],
    ],
  }),
  ([, environ], count) => Array.from({ length: count }, (_, index) => environ[`V${index}`] ?? '(nothing)'),
);

/** A lab of one host. */
async function openHost() {
  const lab = await openLab({ hosts: 1 });
  const [host] = lab.hosts;
  if (host === undefined) throw new Error('the lab has no host');
  return { lab, host };
}

/** A condition's parameter is a value to the end of its line, and there may be any number; one that fails is asked for by nobody. */
const values: Escaper = {
  name: 'lineValue, systemd',
  batch: 5000,
  write: (text) => lineValue(`x${text}x`),
  skip: (text) => text.includes('\0'),
  missing: labMissing,
  open: async () => {
    const { lab, host } = await openHost();
    return {
      read: async (written) => {
        const unit = written.map((word): Line => ['ConditionHost', word]);
        const content = unitFile({ unit, kind: { name: 'Service', lines: [['ExecStart', '/bin/true']] } });
        writeFileSync(await host.path(`/etc/systemd/system/${UNIT}`), content);
        const object = `/org/freedesktop/systemd1/unit/${UNIT.replace('.', '_2e')}`;
        const answer = await host.sh(
          `systemctl daemon-reload; busctl --json=short get-property org.freedesktop.systemd1 ${object} org.freedesktop.systemd1.Unit Conditions`,
          { timeoutMs: 120_000 },
        );
        const { data }: { data: readonly (readonly unknown[])[] } = JSON.parse(answer);
        // Last come first.
        return data.map(([, , , parameter]) => String(parameter).slice(1, -1)).toReversed();
      },
      close: () => lab.close(),
    };
  },
};

const folder = (path: string) =>
  ({ kind: 'file', path: `/run/words/${path}`, mode: '0600', user: 'root', group: 'root' }) as const;

/** Files that were made by their names; a serial number keeps one from being another's. */
const paths: Escaper = {
  name: 'tmpfilesConf, systemd-tmpfiles',
  batch: 5000,
  text: plainText,
  write: (text) => tmpfilesConf([folder(`SERIAL/${text}x`)]).split('\n')[1] ?? '',
  // A path's `.`, `..` and doubled slashes are not the language's.
  skip: (text) => `/${text}`.includes('//') || /(^|\/)\.{1,2}(\/|$)/.test(`${text}x`),
  missing: labMissing,
  open: async () => {
    const { lab, host } = await openHost();
    return {
      read: async (written) => {
        await host.sh('rm -rf /run/words');
        writeFileSync(
          await host.path('/tmp/words.conf'),
          written.map((line, index) => `${line.replace('SERIAL', String(index))}\n`).join(''),
        );
        await host.sh('systemd-tmpfiles --create /tmp/words.conf', { timeoutMs: 120_000 });
        const made = await host.sh("find /run/words -type f -printf '%P\\n'");
        const names = new Map(
          made.split('\n').map((path) => [path.slice(0, path.indexOf('/')), path.slice(path.indexOf('/') + 1)]),
        );
        return written.map((_, index) => (names.get(String(index)) ?? '(nothing)x').replace(/x$/, ''));
      },
      close: () => lab.close(),
    };
  },
};

export const SYSTEMD = [words, variables, values, paths];
