import { isSecret } from '../../core/command.js';
import type { Json, Step } from '../../core/plan.js';
import { lineValue } from '../../templates/systemd-quote.js';
import type { Directive } from '../../templates/systemd-unit.js';
import { processEnvironment } from '../release-files.js';
import { serverFiles } from './layout.js';
import type { ServerHost, ServerOptions, ServerRelease } from './options.js';
import { stepsOn } from './step.js';

/** A secret's name as a file and as a credential of systemd: letters, digits, dots, dashes, underscores; any other character as `+HEX+`. */
export const credentialName = (secret: string): string =>
  secret.replace(/[^\w.-]|^\./gu, (character) => `+${character.codePointAt(0)?.toString(16) ?? ''}+`);

/** The file on the host that holds a secret's value. */
export const secretFile = ({ layout, secrets }: Pick<ServerOptions, 'layout' | 'secrets'>, secret: string): string =>
  `${serverFiles(layout).secrets}/${credentialName(secret)}${secrets === 'encrypted' ? '.cred' : ''}`;

/** Names of all secrets that the release's processes are given, in order. */
export const secretsOf = (release: ServerRelease): string[] =>
  [...new Set([...secretsIn(processEnvironment(release)), ...release.pins.flatMap(({ value }) => secretsIn(value))])].sort();

function secretsIn(json: Json): string[] {
  if (json === null || typeof json !== 'object') return [];
  return isSecret(json) ? [json.secret] : Object.values(json).flatMap((value: Json) => secretsIn(value));
}

/** The variable by which the settings get a secret that a pin holds. */
export const pinVariable = (secret: string): string =>
  `SLIPWAY_SECRET_${secret.replace(/[^A-Za-z0-9]/g, (character) => `_${character.codePointAt(0)?.toString(16) ?? ''}`)}`;

/** Pins without secrets: each is read from the environment where the settings run (`slipway_runtime/pin_values.py`). */
export function pinValue(json: Json): Json {
  if (json === null || typeof json !== 'object') return json;
  if (isSecret(json)) return { env: pinVariable(json.secret) };
  if (isList(json)) return json.map(pinValue);
  return Object.fromEntries(Object.entries(json).map(([name, value]): [string, Json] => [name, pinValue(value)]));
}

const isList = (json: object): json is readonly Json[] => Array.isArray(json);

/** The whole environment of the app's processes, of `migrate` and of `exec`; secrets still by name. */
export const serverEnvironment = (release: ServerRelease): { readonly [name: string]: Json } => ({
  ...processEnvironment(release),
  ...Object.fromEntries(release.pins.flatMap(({ value }) => secretsIn(value)).map((secret) => [pinVariable(secret), { secret }])),
});

/** The same as the launcher takes it: what is secret comes from systemd's credentials. */
export const launchEnvironment = (release: ServerRelease): { readonly [name: string]: Json } =>
  Object.fromEntries(
    Object.entries(serverEnvironment(release)).map(([name, value]): [string, Json] => [
      name,
      isSecret(value) ? { credential: credentialName(value.secret) } : value,
    ]),
  );

/** Has systemd give the secrets to a unit, in a folder that only its user reads. */
export const credentialLines = (release: ServerRelease): Directive[] =>
  secretsOf(release).map((secret) => [
    release.options.secrets === 'encrypted' ? 'LoadCredentialEncrypted' : 'LoadCredential',
    lineValue(`${credentialName(secret)}:${secretFile(release.options, secret)}`),
  ]);

/** Encrypts the variable under a name. It goes to systemd-creds by a pipe. */
const ENCRYPT = 'umask 077; printf %s "$SLIPWAY_SECRET" | systemd-creds encrypt --name="$1" - "$2.new"; mv -f "$2.new" "$2"';
const DECRYPTS = '[ -e "$2" ] && [ "$(systemd-creds decrypt --name="$1" "$2" - && echo .)" = "$SLIPWAY_SECRET." ] || exit 1';

/** The release's secrets, on the host: for root alone, encrypted where the host can. */
export function secretSteps(release: ServerRelease, host: ServerHost): Step[] {
  const step = stepsOn(host.name, 'prepare');
  const { options } = release;
  const folder = serverFiles(options.layout).secrets;
  return [
    step('secrets.folder', 'folder of secrets', { kind: 'folder', path: folder, mode: 0o700 }),
    ...secretsOf(release).map((secret): Step => {
      const path = secretFile(options, secret);
      const id = `secrets.${credentialName(secret)}`;
      if (options.secrets === 'plain')
        return step(id, `secret ${secret}`, { kind: 'file', path, content: { secret }, mode: 0o600 });
      const script = (text: string) => ({
        argv: ['sh', '-euc', text, 'sh', credentialName(secret), path],
        env: { SLIPWAY_SECRET: { secret } },
        timeoutSeconds: 30,
      });
      return step(id, `secret ${secret}`, { kind: 'run', command: script(ENCRYPT), check: { command: script(DECRYPTS) } });
    }),
  ];
}
