export type SecretName = 'secret-key' | 'password' | 'api-key';

/** What a name says its value is; undefined for one that is no secret. The last part of a dotted name decides. */
export function secretName(name: string): SecretName | undefined {
  const last = (name.split('.').at(-1) ?? '').toUpperCase();
  // Public halves, names of fields and cookies, options about secrets rather than secrets.
  if (
    /PUBLIC|PUBLISHABLE|SITE_?KEY|SITEKEY|_(NAME|FIELD|HEADER|COOKIE|URL|URI|PATH|FILE|PREFIX|CLASS|MODEL|FORM|SERIALIZER|TIMEOUT|LIFETIME|LENGTH|TYPE|ID)$/.test(
      last,
    )
  )
    return undefined;
  if (/^(DJANGO_)?SECRET_?KEY$|^SECRET_KEY_FALLBACKS$/.test(last)) return 'secret-key';
  if (/(^|_)(PASSWORD|PASSWD|PWD|PASS)$/.test(last)) return 'password';
  return /(^|_)(API_?KEY|API_?SECRET|SECRET|SECRET_?(ACCESS_)?KEY|SIGNING_KEY|ACCESS_?TOKEN|AUTH_?TOKEN|API_?TOKEN|PRIVATE_?KEY|CLIENT_SECRET|WEBHOOK_SECRET|ENCRYPTION_KEY)$/.test(
    last,
  )
    ? 'api-key'
    : undefined;
}

/** Shapes that nothing else has: https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns */
const SHAPES =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bgithub_pat_\w{50,}|\bxox[abpr]-[\w-]{10,}|\b[sr]k_live_[0-9A-Za-z]{16,}|\bSG\.[\w-]{16,}\.[\w-]{16,}|\bAIza[\w-]{35}\b|\bglpat-[\w-]{20}\b/;

export const looksSecret = (value: string): boolean => SHAPES.test(value) || hasPassword(value);

/** Google's keys for maps go into pages; what guards them is the list of sites they work for. */
export const isShown = (value: string): boolean => /^AIza|^pk_(live|test)_|^pk\./.test(value);

/** A URL with a password for a host that is not this machine. */
function hasPassword(value: string): boolean {
  const match = /^[a-z][a-z0-9+]*:\/\/[^/\s:@]*:([^/\s@]+)@([^/\s:]+)/.exec(value);
  const [, password = '', host = ''] = match ?? [];
  return match !== null && host.includes('.') && !/^(127\.|0\.0\.0\.0)/.test(host) && !isTrivial(password);
}

const DEVELOPMENT =
  /^(postgres(ql)?|mysql|mariadb|root|admin|administrator|user|password|passw0rd|pass|passwd|pwd|test(ing)?|dev(elopment)?|local(host)?|django|guest|rabbitmq|redis|minio(admin)?|example|dummy|fake|none|null|true|false|default|secret|key|token|todo|xxx+|abc|foo|bar|foobar|1234\d*|0+|string|value)$/i;
const BLANK =
  /change.?me|change.?this|change.?it|replace|your[-_ ]?|<.*>|\.\.\.|insert|placeholder|not[-_ ]?(so[-_ ]?)?secret|insecure|dummy|example|fake|xxxx|sample|development|^dev[-_]|[-_]dev$|testing|^test[-_]|secret[-_]?key|unsafe|do[-_ ]?not[-_ ]?use|build[-_]?time|only[-_ ]?for|to[-_ ]?be[-_ ]?(set|defined)/i;

/** Words that only say what is to stand here: `mail-gun-api-key`. */
const NAMES = /^(?=.*(key|secret|token|passw(or)?d))[a-z]+([-_ ][a-z]+)*$/i;

/** A word that stands for a secret that is to be set, or one that everybody tries first. */
export const isTrivial = (value: string): boolean =>
  NAMES.test(value) || DEVELOPMENT.test(value) || BLANK.test(value) || /^(.)\1*$/.test(value);
