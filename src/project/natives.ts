import type { NativeNeed } from '../core/project.js';
import type { Packages } from './dependencies/packages.js';
import { mentioning } from './mentions-of.js';
import { GEODJANGO, GETTEXT, NATIVES, ORACLE_THICK, PROGRAMS, SPATIALITE } from './natives-table.js';
import type { Outcome } from './settings/outcome.js';
import type { Tree } from './tree.js';

/** A wheel distribution makes the source one's library superfluous. */
const BUNDLED: readonly (readonly [string, string])[] = [
  ['psycopg', 'psycopg-binary'],
  ['psycopg2', 'psycopg2-binary'],
];

export interface NativeClues {
  readonly tree: Tree;
  readonly outcome: Outcome;
  readonly packages: Packages;
  readonly compilesMessages: boolean;
}

/** Native libraries and programs the project needs, by its dependencies and by what its code calls. */
export function natives(clues: NativeClues): NativeNeed[] {
  const wanted = NATIVES.flatMap(({ distributions, ...row }) => {
    const name = distributions.find((one) => clues.packages.has(one) && !isBundled(one, clues));
    return name === undefined ? [] : [{ wantedBy: name, ...row }];
  });
  return [
    ...wanted,
    ...geodjango(clues),
    ...oracle(clues),
    ...(clues.compilesMessages ? [GETTEXT] : []),
    ...startedPrograms(clues),
    ...timeZone(clues),
  ];
}

/**
 * The zone of the settings: Django refuses one that the system does not have, and a page fails for the want of one. Small systems come without
 * any, and Debian 13 and Ubuntu 24.04 without the old names: https://www.debian.org/releases/trixie/release-notes/issues.html
 */
function timeZone({ outcome }: NativeClues): NativeNeed[] {
  const zone = outcome.settings.get('TIME_ZONE');
  if (typeof zone?.value !== 'string' || zone.value === 'UTC' || !/^[A-Z][\w+-]*(\/[\w+-]+)*$/i.test(zone.value)) return [];
  const packages = ['tzdata', 'tzdata-legacy|tzdata'];
  return [{ wantedBy: `${zone.from} (TIME_ZONE)`, when: 'run', packages, probe: { zone: zone.value }, onlyWithoutWheel: false }];
}

/** Each program once, whether the settings name it or code starts it by its name. */
function startedPrograms({ tree, outcome }: NativeClues): NativeNeed[] {
  const all = [...programsInSettings(outcome), ...programs(tree)];
  return all.filter((need, at) => all.findIndex((other) => programOf(other) === programOf(need)) === at);
}

const programOf = ({ probe }: NativeNeed): string | undefined => ('program' in probe ? probe.program : undefined);

const NAMES_A_PROGRAM = /_(COMMAND|CMD|BINARY|BIN|PROGRAM|EXECUTABLE)(_PATH)?$/;

/** Settings that say which program to start: `FFMPEG_COMMAND = 'ffmpeg'`, or where one is. */
function programsInSettings({ settings }: Outcome): NativeNeed[] {
  return [...settings].flatMap(([name, { value, from }]) => {
    if (!NAMES_A_PROGRAM.test(name) || typeof value !== 'string') return [];
    const known = PROGRAMS[value.split('/').at(-1) ?? ''];
    if (known === undefined && !/^\/[\w./+-]+$/.test(value)) return [];
    const packages = known === undefined ? [] : [known];
    return [{ wantedBy: `${from} (${name})`, when: 'run', packages, probe: { program: value }, onlyWithoutWheel: false }];
  });
}

const isBundled = (name: string, { packages }: NativeClues): boolean =>
  BUNDLED.some(([source, wheel]) => source === name && packages.has(wheel));

function geodjango({ outcome }: NativeClues): NativeNeed[] {
  const gis = outcome.texts.some(
    (text) => text.value === 'django.contrib.gis' || /^django\.contrib\.gis\.db\.backends\./.test(text.value),
  );
  const spatialite = outcome.texts.some((text) => /gis\.db\.backends\.spatialite/.test(text.value) && text.certainty === 'sure');
  return [...(gis ? GEODJANGO : []), ...(spatialite ? [SPATIALITE] : [])];
}

function oracle({ tree, packages }: NativeClues): NativeNeed[] {
  if (!packages.has('oracledb')) return [];
  const [caller] = mentioning(tree, 'init_oracle_client(');
  return caller === undefined ? [] : [{ ...ORACLE_THICK, note: `${caller}: ${ORACLE_THICK.note}` }];
}

const STARTED = new RegExp(
  `(?:run|Popen|call|check_call|check_output|which|create_subprocess_exec)\\(\\s*[[(]?\\s*["'](${Object.keys(PROGRAMS).join('|')})["']`,
  'g',
);

function programs(tree: Tree): NativeNeed[] {
  const seen = new Map<string, NativeNeed>();
  for (const path of mentioning(tree, 'subprocess', 'which(')) {
    const text = tree.glance(path) ?? '';
    for (const match of text.matchAll(STARTED)) {
      const program = match[1] ?? '';
      const line = text.slice(0, match.index).split('\n').length;
      const need: NativeNeed = {
        wantedBy: `${path}:${line}`,
        when: 'run',
        packages: [PROGRAMS[program] ?? program],
        probe: { program },
        onlyWithoutWheel: false,
      };
      if (!seen.has(program)) seen.set(program, need);
    }
  }
  return [...seen.values()];
}
