import { Failure } from '../core/failure.js';
import type { FrontendFallback } from './frontend.js';

interface Rule {
  readonly pattern: RegExp;
  readonly code: string;
  readonly kind: 'project' | 'environment';
  readonly message: (found: string) => string;
  readonly hint: string;
  readonly fallback?: FrontendFallback | ((found: string) => FrontendFallback | undefined);
}

/** Programs of builds by the packages that bring them: people install these globally, and package.json then says nothing of them. */
const BROUGHT_BY: Readonly<Record<string, readonly string[]>> = {
  sass: ['sass'],
  lessc: ['less'],
  tsc: ['typescript'],
  vite: ['vite'],
  webpack: ['webpack', 'webpack-cli'],
  rollup: ['rollup'],
  esbuild: ['esbuild'],
  parcel: ['parcel'],
  gulp: ['gulp'],
  grunt: ['grunt'],
  postcss: ['postcss', 'postcss-cli'],
  tailwindcss: ['tailwindcss', '@tailwindcss/cli'],
  autoprefixer: ['autoprefixer'],
  'npm-run-all': ['npm-run-all'],
  concurrently: ['concurrently'],
  rimraf: ['rimraf'],
  'cross-env': ['cross-env'],
  uglifyjs: ['uglify-js'],
  cleancss: ['clean-css-cli'],
  svgo: ['svgo'],
};

function bringing(found: string): FrontendFallback | undefined {
  const packages = BROUGHT_BY[/([\w.-]+): (?:command )?not found$/.exec(found)?.[1] ?? ''];
  return packages === undefined ? undefined : { packages };
}

const RULES: readonly Rule[] = [
  {
    pattern: /ERR_OSSL_EVP_UNSUPPORTED|digital envelope routines::unsupported/,
    code: 'FRONTEND_TOO_OLD',
    kind: 'project',
    message: () => 'The bundler hashes with MD4, which the OpenSSL of this Node no longer has (webpack 4 and older)',
    hint: 'Move to webpack 5, or build with  NODE_OPTIONS=--openssl-legacy-provider',
    // https://nodejs.org/api/cli.html#--openssl-legacy-provider
    fallback: { env: { NODE_OPTIONS: '--openssl-legacy-provider' } },
  },
  {
    pattern:
      /can only install packages when your package\.json and (\S+) or|Your lockfile needs to be updated|ERR_PNPM_OUTDATED_LOCKFILE|YN0028|lockfile had changes, but lockfile is frozen/,
    code: 'LOCK_STALE',
    kind: 'project',
    message: () => 'The lock file does not fit package.json',
    hint: 'Install once and commit the lock file: npm install, yarn install or pnpm install',
    fallback: { staleLock: true },
  },
  {
    pattern: /npm (?:ERR!|error) code ERESOLVE/,
    code: 'FRONTEND_CONFLICT',
    kind: 'project',
    message: () => 'The packages contradict each other about what they go with (ERESOLVE)',
    hint: 'Mend the versions in package.json, or put  legacy-peer-deps=true  into .npmrc',
    fallback: { installArguments: ['--legacy-peer-deps'] },
  },
  {
    pattern: /(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET)[^\n]*/,
    code: 'REGISTRY_UNREACHABLE',
    kind: 'environment',
    message: (found) => `The package registry does not answer: ${found}`,
    hint: 'npm ping; npm config get registry proxy',
  },
  {
    pattern: /UNABLE_TO_GET_ISSUER_CERT\w*|SELF_SIGNED_CERT_IN_CHAIN|unable to verify the first certificate/,
    code: 'CERTIFICATE_REFUSED',
    kind: 'environment',
    message: () => "The package registry's certificate is not trusted on this machine",
    hint: 'export NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt',
  },
  {
    pattern: /npm (?:ERR!|error) code E(?:401|403)[^\n]*/,
    code: 'REGISTRY_DENIED',
    kind: 'environment',
    message: () => 'The package registry wants a login',
    hint: 'npm login, or a token in ~/.npmrc',
  },
  {
    pattern: /JavaScript heap out of memory/,
    code: 'OUT_OF_MEMORY',
    kind: 'environment',
    message: () => 'The build needs more memory than Node gave it',
    hint: 'NODE_OPTIONS=--max-old-space-size=4096 slipway up   # or build on a larger machine',
  },
  {
    pattern: /No space left on device|ENOSPC/,
    code: 'DISK_FULL',
    kind: 'environment',
    message: () => 'The disk is full',
    hint: 'df -h; npm cache clean --force',
  },
  {
    pattern: /Missing script: "?([\w:-]+)"?/,
    code: 'FRONTEND_BUILD_FAILED',
    kind: 'project',
    message: (found) => `package.json has no such script (${found})`,
    hint: 'Name the commands in slipway.yml:  build: [npm ci, npm run production]',
  },
  {
    pattern: /node-sass[^\n]*(?:gyp|Build failed)|gyp ERR! [^\n]*/,
    code: 'FRONTEND_TOO_OLD',
    kind: 'project',
    message: () => 'A package compiles C++ for this Node and failed: it is usually older than the Node here',
    hint: 'Move to a newer version of it (node-sass → sass), or install the Node it was made for; building needs  apt-get install -y build-essential python3',
  },
  {
    // The last two are of programs that look for themselves: Angular's and Vite's.
    pattern:
      /EBADENGINE|The engine "node" is incompatible[^\n]*|ERR_PNPM_UNSUPPORTED_ENGINE|requires a minimum Node\.js version of [^\n]*|requires Node\.js version [^\n]*/,
    code: 'NODE_TOO_OLD',
    kind: 'environment',
    message: (found) =>
      found.startsWith('requires') ? `The build ${found}` : 'A package wants another Node than this machine has',
    hint: 'Install the Node that the message names:  https://nodejs.org/en/download',
  },
  {
    pattern: /(?:sh: )?\d*:? ?([\w.-]+): (?:command )?not found/,
    code: 'PROGRAM_MISSING',
    kind: 'environment',
    message: (found) => `The build calls a program that is not there: ${found}`,
    hint: 'Install it, or add it to devDependencies',
    fallback: bringing,
  },
];

export interface ExplainedFrontend {
  readonly failure: Failure;
  readonly fallback?: FrontendFallback;
}

/** What to show in place of the failure of a front end's step, and what to try before showing it. Failures of other steps come back as they are. */
export function explainFrontend(failed: Failure): ExplainedFrontend {
  const output = failed.detail ?? '';
  const rule = /^FRONTEND_/.test(failed.code) ? RULES.find(({ pattern }) => pattern.test(output)) : undefined;
  if (rule === undefined) return { failure: failed };
  const detail = output.split('\n').slice(-20).join('\n');
  const found = rule.pattern.exec(output)?.[0] ?? '';
  const fallback = typeof rule.fallback === 'function' ? rule.fallback(found) : rule.fallback;
  return {
    failure: new Failure(rule.code, rule.kind, `${failed.message}: ${rule.message(found)}`, { hint: rule.hint, detail }),
    ...(fallback === undefined ? {} : { fallback }),
  };
}
