import { isHeld } from '../ask.js';
import type { Evidence, SecretLiteral } from '../evidence.js';
import type { Hit, Rule } from '../rule.js';
import { djangoRule } from './django-checks.js';

const LEAKS =
  'Whoever may read the repository has it: everyone in the company, every contractor, every machine of the build, and the world on the day it is published. It stays in the history after it is deleted from the file.';

export const secretRules: readonly Rule[] = [
  {
    id: 'secret-key.literal',
    severity: 'error',
    title: 'SECRET_KEY is written into the settings',
    page: {
      what: '`SECRET_KEY` signs sessions, password resets and everything else that Django signs. Here it is a literal in a file of the project.',
      risk: `${LEAKS} With the key one makes a valid password reset for any account, and with some settings runs code on the server.`,
      mend: 'Read it from the environment, `SECRET_KEY = os.environ["SECRET_KEY"]`, and make a new one: the old one is known. `python -c "from django.core.management.utils import get_random_secret_key as k; print(k())"`. To keep people logged in, move the old one into `SECRET_KEY_FALLBACKS` for a while.',
      slipway: 'Makes a key of its own once, keeps it outside the project, and holds it in the settings.',
    },
    find: (evidence) =>
      keyLiterals(evidence)
        .filter(({ isDefault }) => !isDefault)
        .map((literal) => keyHit(evidence, literal)),
  },
  {
    id: 'secret-key.default',
    severity: 'warning',
    title: 'SECRET_KEY falls back to a key in the source',
    page: {
      what: 'The key comes from a variable, and where that is not set a literal takes its place.',
      risk: 'Forget the variable once, on a new server or in a worker, and the app runs with a key that everyone knows, without a word.',
      mend: 'Take the default away, so that a missing variable is an error; or allow the default only where DEBUG is on.',
      slipway: 'Gives the variable a key of its own.',
    },
    find: (evidence) =>
      keyLiterals(evidence)
        .filter(({ isDefault }) => isDefault)
        .map((literal) => defaultHit(evidence, literal)),
  },
  djangoRule({
    id: 'secret-key.weak-fallback',
    checks: ['security.W025'],
    severity: 'warning',
    title: 'A key in SECRET_KEY_FALLBACKS is weak',
    settings: ['SECRET_KEY_FALLBACKS'],
    hint: 'remove it once nobody needs it any more',
    page: {
      what: 'Old keys are still good for verifying what they signed.',
      risk: 'A short or insecure one can be guessed, and then signs anything.',
      mend: 'Take it out of the list; who was logged in with it logs in again.',
    },
  }),
  {
    id: 'secret-key.weak',
    severity: 'error',
    title: 'SECRET_KEY is weak',
    page: {
      what: 'The key has fewer than 50 characters, fewer than five different ones, or starts with `django-insecure-`. Django’s own check: `security.W009`.',
      risk: 'A key that can be guessed offline, from one signed cookie, lets anyone sign sessions and password resets.',
      mend: 'Make a long random one and give it through the environment.',
      slipway: 'Makes a key of its own once, keeps it outside the project, and holds it in the settings.',
    },
    find: weakKey,
  },
  {
    id: 'secrets.password',
    severity: 'error',
    title: 'A password is written into the settings',
    page: {
      what: 'A literal stands where the settings name a password: of a database, a mail account, a broker.',
      risk: LEAKS,
      mend: 'Read it from the environment and change it: the old one is known. On Slipway: `slipway secrets set NAME`.',
      slipway: 'A database that Slipway runs has a password of its own; then this one is not used.',
    },
    find: (evidence) =>
      evidence.reading.literals.filter(({ kind }) => kind === 'password').map((literal) => writtenHit(evidence, literal)),
  },
  {
    id: 'secrets.api-key',
    severity: 'error',
    title: 'An API key is written into the settings',
    page: {
      what: 'A literal stands where the settings name a key, a token or a secret of some service, or a text has the shape of one.',
      risk: `${LEAKS} Keys of clouds and payment services are searched for by machines and used within minutes.`,
      mend: 'Revoke it at the service, make a new one, and read that from the environment. On Slipway: `slipway secrets set NAME`.',
    },
    find: (evidence) =>
      evidence.reading.literals.filter(({ kind }) => kind === 'api-key').map((literal) => writtenHit(evidence, literal)),
  },
  {
    id: 'secrets.tracked-env',
    severity: 'error',
    title: 'A file of secrets is tracked by git',
    page: {
      what: 'An environment file (`.env`) that belongs to the repository gives values to names of secrets.',
      risk: LEAKS,
      mend: '`git rm --cached .env`, add it to `.gitignore`, commit a `.env.example` with names and no values, and change every secret that was in it.',
    },
    find: ({ reading }) =>
      reading.envFiles.map(({ path, names, trivial }) => ({
        message: `${path} is tracked by git and sets ${listed(names.map(({ value }) => value))}`,
        hint: `git rm --cached ${path} && echo ${path} >> .gitignore   # and change what was in it`,
        where: names[0]?.from ?? path,
        ...(trivial ? { severity: 'info' as const } : {}),
      })),
  },
  {
    id: 'secrets.private-key',
    severity: 'error',
    title: 'A private key is tracked by git',
    page: {
      what: 'A file of the repository holds the private half of a key: of a TLS certificate, of SSH, of a token issuer.',
      risk: `${LEAKS} With it one is the server, or logs in to it.`,
      mend: 'Make a new pair, revoke the old certificate, and take the file out of the repository.',
    },
    find: ({ reading }) =>
      reading.privateKeys.map((path) => ({
        message: `${path} is a private key that git tracks`,
        hint: `git rm --cached ${path}   # and replace the key`,
        where: path,
      })),
  },
];

const listed = (names: readonly string[]): string =>
  names.length > 4 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', ');

/** The one in force: that of the module which sets it last. Where it is read from elsewhere there, none is. */
function keyLiterals({ reading }: Evidence): readonly SecretLiteral[] {
  const keys = reading.literals.filter(({ kind, name }) => kind === 'secret-key' && !name.includes('FALLBACKS'));
  const set = reading.assignments.findLast(({ setting }) => setting === 'SECRET_KEY');
  return keys.filter(({ where }) => set === undefined || fileOf(set.where) === fileOf(where)).slice(-1);
}

const fileOf = (where: string): string => where.replace(/:\d+$/, '');

const keyHit = (evidence: Evidence, { where }: SecretLiteral): Hit => ({
  message: 'SECRET_KEY is a literal in the settings: everyone who can read them can sign as the app',
  hint: 'SECRET_KEY = os.environ["SECRET_KEY"]   # and make a new one',
  where,
  handled: isHeld(evidence, 'SECRET_KEY') || comesFromVariable(evidence),
});

const defaultHit = (evidence: Evidence, { where }: SecretLiteral): Hit => ({
  message: 'SECRET_KEY falls back to a literal when its variable is not set',
  hint: 'take the default away: a missing key must be an error',
  where,
  handled: isHeld(evidence, 'SECRET_KEY') || comesFromVariable(evidence),
});

/** With no pin and a good key, the variable was filled. */
const comesFromVariable = ({ facts, resolved }: Evidence): boolean =>
  resolved !== undefined && facts?.secretKey.insecurePrefix === false && facts.secretKey.length >= 50;

function weakKey(evidence: Evidence): Hit[] {
  const said = (evidence.own ?? []).some(({ id, silenced }) => id === 'security.W009' && !silenced);
  if (!said || keyLiterals(evidence).length > 0) return [];
  const where = evidence.reading.assignments.findLast(({ setting }) => setting === 'SECRET_KEY')?.where ?? '';
  return [
    {
      message: 'SECRET_KEY is short, repetitive or marked insecure',
      hint: 'slipway secrets set SECRET_KEY',
      where,
      handled: isHeld(evidence, 'SECRET_KEY'),
    },
  ];
}

/** Databases and brokers that Slipway runs have secrets of their own: what is written down is then not used here. */
function writtenHit(evidence: Evidence, { name, where, isDefault, trivial, isPublic, kind }: SecretLiteral): Hit {
  const setting = name.split('.')[0] ?? '';
  const handled = isHeld(evidence, setting);
  const what = kind === 'password' ? 'a password' : 'a key';
  const message = isDefault ? `${name} falls back to ${what} in the source` : `${name} is ${what} written into the source`;
  const hint = `read it from the environment: os.environ["${variableFor(name)}"]${trivial ? '' : ', and change it'}`;
  const severity = trivial ? 'info' : isDefault || isPublic ? 'warning' : 'error';
  return { message, hint, where, handled, severity };
}

const variableFor = (name: string): string =>
  name.startsWith('DATABASES.') ? 'DATABASE_PASSWORD' : (name.split('.').at(-1) ?? name).toUpperCase().replace(/\W+/g, '_');
