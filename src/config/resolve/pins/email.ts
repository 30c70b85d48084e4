import type { Warning } from '../../../core/failure.js';
import { isLocal } from '../origin.js';
import { type Area, django, entries, hold, isDict, isExplicit, isInSource, type PinContext, text, value } from './context.js';

const FILES = 'django.core.mail.backends.filebased.EmailBackend';
const SMTP = 'django.core.mail.backends.smtp.EmailBackend';
const NOT_SENDING = /\.mail\.backends\.(console|locmem|dummy|filebased)\./;
const NEEDS_NOTHING = /\.mail\.backends\.(console|locmem|dummy)\./;
/** Backends that hand mail to somebody's server or account. Queues that keep it in the database first are left alone. */
const SENDING = /\.mail\.backends\.smtp\.|anymail|django_ses|sendgrid|mailgun|postmark|sparkpost|sendinblue|brevo/i;

/** On this machine no mail leaves by accident: what would be sent is kept in a folder, unless the user gave a mail server. */
export function email(context: PinContext): Area {
  if (isExplicit(context, 'MAILERS') && django(context, '6.1')) return mailers(context);
  if (!isLocal(context.place) || userGaveServer(context)) return {};
  const backend = text(context, 'EMAIL_BACKEND');
  const folder = mailFolder(context);
  if (!SENDING.test(backend)) return quiet(context, backend, folder);
  return {
    pins: [hold('EMAIL_BACKEND', FILES, IN_FILES, 'str'), hold('EMAIL_FILE_PATH', folder, 'where that mail is kept', 'str')],
    warnings: goesElsewhere(text(context, 'EMAIL_HOST')) ? [held(text(context, 'EMAIL_HOST'), folder)] : [],
  };
}

const IN_FILES = 'on this machine mail is written to files and goes nowhere by accident';
const STAYS = 'it sends nothing, and with DEBUG off the settings might choose one that does';

/** `if DEBUG:` often stands before a backend that sends nothing, and DEBUG is off now. */
function quiet(context: PinContext, backend: string, folder: string): Area {
  if (!NOT_SENDING.test(backend)) return {};
  const path = text(context, 'EMAIL_FILE_PATH');
  const inSource = /filebased/.test(backend) && isInSource(context, path);
  return {
    pins: [
      hold('EMAIL_BACKEND', backend, STAYS, 'str'),
      ...(inSource ? [hold('EMAIL_FILE_PATH', folder, 'mail is kept outside the release', 'str')] : []),
    ],
  };
}

/** From 6.1 on one dict stands for all EMAIL_* settings, and both at once is an error: https://docs.djangoproject.com/en/6.1/howto/mailers-migration/ */
function mailers(context: PinContext): Area {
  if (!isLocal(context.place)) return {};
  // Mail that is only shown or written down is a mistake in production and right on this machine.
  const silence = ['mail.E001'];
  const known = entries(value(context, 'MAILERS')).map(([alias, mailer]) => [alias, backendOf(mailer)] as const);
  if (userGaveServer(context) || known.length === 0 || known.some(([, backend]) => !isPlain(backend))) return { silence };
  const inFiles = { BACKEND: FILES, OPTIONS: { file_path: mailFolder(context) } };
  const fitting = known.map(([alias, backend]) => [alias, NEEDS_NOTHING.test(backend) ? { BACKEND: backend } : inFiles] as const);
  const reason = fitting.some(([, mailer]) => mailer === inFiles) ? IN_FILES : STAYS;
  return { pins: [hold('MAILERS', Object.fromEntries(fitting), reason, 'dict')], silence };
}

function backendOf(mailer: unknown): string {
  const named = isDict(mailer) ? mailer['BACKEND'] : undefined;
  return typeof named === 'string' ? named : SMTP;
}

/** One of Django's own, or a known sender: neither has anything behind it that ours would lack. */
const isPlain = (backend: string): boolean => SENDING.test(backend) || NOT_SENDING.test(backend);

function mailFolder(context: PinContext): string {
  return `${context.place.paths.data}/mail`;
}

function userGaveServer({ choices }: PinContext): boolean {
  return Object.keys(choices.env ?? {}).some((name) => /E?MAIL|SMTP/.test(name));
}

function goesElsewhere(host: string): boolean {
  return host !== '' && !/^(localhost|127\.|::1)/.test(host);
}

function held(host: string, folder: string): Warning {
  return {
    code: 'mail-held',
    message: `the settings send mail through ${host}; on this machine it is written to ${folder} instead`,
    hint: 'slipway up --env EMAIL_HOST=…   # to send it',
  };
}
