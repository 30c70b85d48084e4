import type { Warning } from '../../../core/failure.js';
import { isLocal } from '../origin.js';
import { type Area, django, entries, hold, isDict, isExplicit, isInSource, type PinContext, text, value } from './context.js';

const FILES = 'django.core.mail.backends.filebased.EmailBackend';
/** Backends that hand mail to somebody's server or account. Queues that keep it in the database first are left alone. */
const SENDING = /\.mail\.backends\.smtp\.|anymail|django_ses|sendgrid|mailgun|postmark|sparkpost|sendinblue|brevo/i;

/** On this machine no mail leaves by accident: what would be sent is kept in a folder, unless the user gave a mail server. */
export function email(context: PinContext): Area {
  if (isExplicit(context, 'MAILERS') && django(context, '6.1')) return mailers(context);
  if (!isLocal(context.place)) return {};
  const backend = text(context, 'EMAIL_BACKEND');
  const folder = mailFolder(context);
  if (/filebased/.test(backend)) {
    return isInSource(context, text(context, 'EMAIL_FILE_PATH'))
      ? { pins: [hold('EMAIL_FILE_PATH', folder, 'mail is kept outside the release', 'str')] }
      : {};
  }
  if (!SENDING.test(backend) || userGaveServer(context)) return {};
  return {
    pins: [
      hold('EMAIL_BACKEND', FILES, 'on this machine mail is written to files and goes nowhere by accident', 'str'),
      hold('EMAIL_FILE_PATH', folder, 'where that mail is kept', 'str'),
    ],
    warnings: goesElsewhere(text(context, 'EMAIL_HOST')) ? [held(text(context, 'EMAIL_HOST'), folder)] : [],
  };
}

/** From 6.1 on one dict stands for all EMAIL_* settings, and both at once is an error: https://docs.djangoproject.com/en/6.1/howto/mailers-migration/ */
function mailers(context: PinContext): Area {
  const known = entries(value(context, 'MAILERS'));
  const backends = known.map(([, mailer]) => (isDict(mailer) ? String(mailer['BACKEND'] ?? '') : ''));
  const local = isLocal(context.place);
  // Mail that is only shown or written down is a mistake in production and right on this machine.
  const silence = local ? ['mail.E001'] : [];
  if (!local || userGaveServer(context) || !backends.some((backend) => SENDING.test(backend) || backend === ''))
    return { silence };
  const folder = mailFolder(context);
  const inFiles = { BACKEND: FILES, OPTIONS: { file_path: folder } };
  const reason = 'on this machine mail is written to files and goes nowhere by accident';
  return { pins: [hold('MAILERS', Object.fromEntries(known.map(([alias]) => [alias, inFiles])), reason, 'dict')], silence };
}

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
