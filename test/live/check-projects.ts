import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipEnvironment } from './lab/pip-environment.js';

export interface Series {
  readonly django: string;
  /** The Python to make the project with. */
  readonly python: string;
  /** A day on which the series is looked after. */
  readonly day: string;
}

const pyenv = (version: string): string => join(homedir(), '.pyenv/versions', version, 'bin/python3');
const newest = ['3.13.0', '3.12.1', '3.13', '3.12'].map(pyenv).find(existsSync) ?? '/usr/bin/python3';

export const SERIES: readonly Series[] = [
  { django: '4.2', python: '/usr/bin/python3', day: '2025-06-01' },
  { django: '5.2', python: '/usr/bin/python3', day: '2026-06-01' },
  { django: '6.0', python: newest, day: '2026-11-21' },
  { django: '6.1', python: newest, day: '2026-11-21' },
];

/** Why a series cannot be tried here; false where it can. */
export function seriesMissing({ django, python }: Series): string | false {
  if (Number(django) < 6) return false;
  const isNew = execFileSync(python, ['-c', 'import sys; print(sys.version_info >= (3, 12))'], { encoding: 'utf8' }).trim();
  return isNew === 'True' ? false : `Django ${django} needs Python 3.12 or newer`;
}

/** `startproject`, as Django itself writes it, in a repository of its own. */
export async function startProject({ django, python }: Series, folder: string): Promise<void> {
  const bin = await pipEnvironment([`django==${django}.*`], python);
  execFileSync(join(bin, 'python'), ['-m', 'django', 'startproject', 'shop', folder]);
  writeFileSync(join(folder, 'requirements.txt'), `django==${django}.*\n`);
  execFileSync('git', ['init', '-q', folder]);
  execFileSync('git', ['-C', folder, 'add', '.']);
}

/** Its production settings done as the deployment checklist says: https://docs.djangoproject.com/en/stable/howto/deployment/checklist/ */
export function byTheBook({ django }: Series, folder: string): void {
  const path = join(folder, 'shop/settings.py');
  const text = readFileSync(path, 'utf8')
    .replace('from pathlib import Path', 'import os\nfrom pathlib import Path')
    .replace(/^SECRET_KEY = .*$/m, 'SECRET_KEY = os.environ["SECRET_KEY"]')
    .replace(/^DEBUG = .*$/m, 'DEBUG = False')
    .replace(/^ALLOWED_HOSTS = .*$/m, 'ALLOWED_HOSTS = ["shop.example"]')
    .replace(/^DATABASES = \{[\s\S]*?^\}$/m, DATABASE)
    .replace(/^MAILERS = \{[\s\S]*?^\}$/m, '');
  const modern = Number(django) >= 6.1;
  writeFileSync(path, `${text}${PRODUCTION}${modern ? MAILERS : EMAIL}`);
  writeFileSync(join(folder, 'requirements.txt'), `django==${django}.*\npsycopg[binary]\n`);
}

const DATABASE = `DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["DB_NAME"],
        "USER": os.environ["DB_USER"],
        "PASSWORD": os.environ["DB_PASSWORD"],
        "HOST": os.environ["DB_HOST"],
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}`;

const PRODUCTION = `
STATIC_ROOT = BASE_DIR / "static-collected"
MEDIA_ROOT = BASE_DIR / "media"
MEDIA_URL = "/media/"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
`;

const EMAIL = `
ADMINS = [("Ada", "ada@shop.example")]
EMAIL_HOST = "mail.shop.example"
EMAIL_HOST_PASSWORD = os.environ["EMAIL_HOST_PASSWORD"]
`;

const MAILERS = `
ADMINS = ["ada@shop.example"]
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {"host": "mail.shop.example", "password": os.environ["EMAIL_HOST_PASSWORD"]},
    }
}
`;
