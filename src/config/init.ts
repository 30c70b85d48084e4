import type { Want } from '../core/failure.js';
import type { MissingFile, Project, Variable } from '../core/project.js';
import { flow } from './flow.js';
import type { Config, ConfigText } from './schema.js';

export interface InitAnswers {
  readonly project: Project;
  /** What is to differ from what was detected; only this is active in the file. */
  readonly chosen?: Config | ConfigText;
  /** Variables that the settings require and nobody but the user can know. */
  readonly blanks?: readonly Pick<Variable, 'name' | 'from'>[];
  /** What earlier runs ended for want of, besides variables. */
  readonly wanted?: readonly Want[];
}

/**
 * A `slipway.yml` for a person to go on with: what was chosen and what must be filled in is active, what was detected stands there commented
 * out. Prose is `# Text`, a key that is switched off is `#key: value`.
 */
export function initText({ project, chosen = {}, blanks = [], wanted = [] }: InitAnswers): string {
  const sections = [
    HEAD,
    ...detected(project).map((key) => (chosen[key.name] === undefined ? off(key) : on(key, chosen[key.name]))),
    envSection(chosen.env ?? {}, blanks),
    filesSection(chosen.files ?? {}, filesWanted(project, wanted)),
    indexSection(chosen.python_indexes, wanted),
    ...others(chosen),
    chosen.environments === undefined ? ENVIRONMENTS : block('environments', chosen.environments),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

const HEAD = `# How Slipway deploys this project. Everything is optional: what is absent is detected, and \`slipway check\` says what it is.
# A line that begins with # and no space is a key that is switched off; its value is what was detected.`;

const ENVIRONMENTS = `# The places it runs in, beside this machine (which is \`local\`). Each takes every key above, and its own wins.
#environments:
#  production:
#    target: server
#    hosts: [deploy@203.0.113.10]
#    domains: [shop.example, www.shop.example]`;

interface Key {
  readonly name: 'app' | 'python' | 'settings_module' | 'web' | 'processes' | 'build';
  readonly about: string;
  readonly value?: unknown;
  readonly from: string;
}

function detected(project: Project): readonly Key[] {
  const { preferred, required } = project.python;
  const python = preferred?.value.match(/^3\.\d+/)?.[0];
  const others = project.processes.filter(({ kind, name }) => kind !== 'web' && name !== 'web');
  const commands = others.map(({ name, argv }) => [name, { command: argv }] as const);
  const makers = (project.unbuilt ?? []).flatMap(({ maker }) => maker ?? []);
  const build = [
    ...project.frontends.flatMap(({ install, build: steps }) => [install, ...steps]),
    ...makers.map(({ value }) => value),
  ];
  return [
    { name: 'app', about: 'Name of the app.', value: project.name.value, from: project.name.from },
    {
      name: 'python',
      about: 'The version of Python, in quotes.',
      ...(python === undefined ? {} : { value: python }),
      from: preferred?.from ?? required[0]?.from ?? 'the newest that fits',
    },
    { name: 'settings_module', about: 'Django’s settings module.', value: project.settings.value, from: project.settings.from },
    { name: 'web', about: 'The web process.', value: { interface: project.interface.value }, from: project.interface.from },
    {
      name: 'processes',
      about: 'What runs beside the web process; `false` switches one off.',
      ...(commands.length === 0 ? {} : { value: Object.fromEntries(commands) }),
      from: [...new Set(others.map(({ from }) => from))].join(', '),
    },
    {
      name: 'build',
      about: 'What builds the front end.',
      ...(build.length === 0 ? {} : { value: build }),
      from: [...project.frontends, ...makers].map(({ from }) => from).join(', '),
    },
  ];
}

const off = ({ name, about, value, from }: Key): string =>
  value === undefined ? '' : `# ${about}\n#${name}: ${flow(value)}${remark(from)}`;

const on = ({ name, about, value, from }: Key, chosen: unknown): string =>
  `# ${about}${value === undefined ? '' : ` Detected: ${oneLine(flow(value))} (${oneLine(from)})`}\n${block(name, chosen)}`;

function envSection(env: Readonly<Record<string, unknown>>, blanks: readonly Pick<Variable, 'name' | 'from'>[]): string {
  const open = blanks.filter(
    ({ name }, index) => !Object.hasOwn(env, name) && blanks.findIndex((one) => one.name === name) === index,
  );
  const lines = [...Object.entries(env).map(([name, value]) => `  ${flow(name)}: ${flow(value)}`), ...open.map(blank)];
  const about = '# Environment variables: a text, or {secret: NAME} after `slipway secrets set NAME`.';
  return lines.length === 0 ? `${about}\n#env:\n#  EMAIL_HOST: mail.example` : [about, 'env:', ...lines].join('\n');
}

const blank = ({ name, from }: Pick<Variable, 'name' | 'from'>): string =>
  `  ${flow(name)}:  # fill in: read at ${oneLine(from)}`;

/** Files that the settings need by their text, and those that a run has missed. */
const filesWanted = (project: Project, wanted: readonly Want[]): readonly MissingFile[] => [
  ...project.missingFiles.filter(({ required }) => required),
  ...wanted.flatMap((want) =>
    want.kind === 'file' && !project.missingFiles.some(({ path, required }) => required && path === want.path)
      ? [{ path: want.path, from: want.from, required: true }]
      : [],
  ),
];

function indexSection(chosen: unknown, wanted: readonly Want[]): string {
  const indexes = wanted.flatMap((want) => (want.kind === 'index' ? [want] : []));
  if (chosen !== undefined || indexes.length === 0) return '';
  const entries = indexes.map(({ url, from }, at) =>
    [
      `  private${at === 0 ? '' : `-${at + 1}`}:`,
      url === undefined
        ? `    url:  # fill in: the index that has ${oneLine(from)}`
        : `    url: ${flow(url)}  # ${oneLine(from)}`,
      `    username:  # fill in${url === undefined ? ', where it wants a log-in' : ''}`,
      '    password:  # fill in: a text, or {secret: NAME} after `slipway secrets set NAME`',
    ].join('\n'),
  );
  return ['# Package indexes besides the one that pip uses on this machine.', 'python_indexes:', ...entries].join('\n');
}

function filesSection(files: Readonly<Record<string, unknown>>, missing: readonly MissingFile[]): string {
  const open = missing.filter(({ path, required }) => required && !Object.hasOwn(files, path));
  const lines = [...Object.entries(files).map(([to, from]) => `  ${flow(to)}: ${flow(from)}`), ...open.map(missingFile)];
  return lines.length === 0
    ? ''
    : ['# Files placed into the release, never into the project: where in the release, and which file.', 'files:', ...lines].join(
        '\n',
      );
}

const missingFile = ({ path, from, example }: MissingFile): string =>
  `  ${flow(path)}:  # fill in: wanted at ${oneLine(from)}${example === undefined ? '' : `; an example is ${oneLine(example)}`}`;

const SHOWN = new Set(['app', 'python', 'settings_module', 'web', 'processes', 'build', 'env', 'files', 'environments']);

const others = (chosen: Config | ConfigText): readonly string[] =>
  Object.entries(chosen).flatMap(([name, value]) => (SHOWN.has(name) || value === undefined ? [] : [block(name, value)]));

/** A map with one line an entry, everything else on the key's own line. */
function block(name: string, value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${name}: ${flow(value)}`;
  return [`${name}:`, ...Object.entries(value).map(([key, item]) => `  ${flow(key)}: ${flow(item)}`)].join('\n');
}

const remark = (from: string): string => (from === '' ? '' : `  # ${oneLine(from)}`);

/** In a comment, nothing may end the line or move a cursor. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ').slice(0, 200);
