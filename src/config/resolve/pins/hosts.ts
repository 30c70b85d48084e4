import { authority, canonical, hostNames, isLocal, origin } from '../origin.js';
import { type Area, django, hold, type PinContext, sequenceType, text, texts, value } from './context.js';

/** The names the app answers to, and the origins it takes forms from. */
export function hosts(context: PinContext): Area {
  const { place } = context;
  return {
    pins: [
      hold(
        'ALLOWED_HOSTS',
        hostNames(place),
        'the names this environment answers to, and no other',
        sequenceType(context, 'ALLOWED_HOSTS'),
      ),
      hold(
        'CSRF_TRUSTED_ORIGINS',
        trustedOrigins(context),
        'forms come from these addresses over HTTPS',
        sequenceType(context, 'CSRF_TRUSTED_ORIGINS'),
      ),
      ...cookieDomains(context),
      ...(value(context, 'PREPEND_WWW') === true && !canonical(place).startsWith('www.')
        ? [hold('PREPEND_WWW', false, `there is no www.${canonical(place)} in this environment`, 'bool')]
        : []),
    ],
  };
}

/** Ours, then the project's own. From 4.0 on each needs a scheme, before that none may have one. */
function trustedOrigins(context: PinContext): string[] {
  const { place } = context;
  const schemes = django(context, '4.0');
  const names = hostNames(place);
  const ours = names.map((name) => (schemes ? origin(place, name) : authority(place, name)));
  const own = texts(context, 'CSRF_TRUSTED_ORIGINS').map((known) =>
    schemes ? withScheme(known) : known.replace(/^https?:\/\//, ''),
  );
  return [...new Set([...ours, ...own])];
}

function withScheme(known: string): string {
  return known.includes('://') ? known : `https://${known}`;
}

/** A cookie for somebody else's domain is thrown away by browsers, and with it every log-in. */
function cookieDomains(context: PinContext) {
  return ['SESSION_COOKIE_DOMAIN', 'CSRF_COOKIE_DOMAIN', 'LANGUAGE_COOKIE_DOMAIN'].flatMap((name) => {
    const domain = text(context, name).replace(/^\./, '');
    if (domain === '' || context.place.domains.every((own) => own === domain || own.endsWith(`.${domain}`))) return [];
    const where = isLocal(context.place) ? 'on this machine' : 'in this environment';
    return [hold(name, null, `browsers refuse cookies for ${domain} ${where}`, 'none')];
  });
}
