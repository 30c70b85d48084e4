import { authority, canonical, hostNames, origin } from '../origin.js';
import { atLeast } from '../version.js';
import type { Filler } from './context.js';
import { spellFalse, spellList } from './spelling.js';

export const debug: Filler = (variable) => spellFalse(variable);

export const allowedHosts: Filler = (variable, { place }) => spellList(variable, hostNames(place));

export const csrfOrigins: Filler = (variable, { place, project }) => {
  // Before 4.0 an origin was a bare host: https://docs.djangoproject.com/en/4.0/releases/4.0/#csrf-trusted-origins-changes
  const bare = project.django !== undefined && /^\d/.test(project.django.value) && !atLeast(project.django.value, '4.0');
  return spellList(
    variable,
    hostNames(place).map((name) => (bare ? authority(place, name) : origin(place, name))),
  );
};

export const siteUrl: Filler = (variable, { place }) => {
  const url = origin(place) + (variable.default?.endsWith('/') ? '/' : '');
  return variable.type === 'list' || variable.type === 'json' ? spellList(variable, [url]) : url;
};

/** With the port where people would type it into a link, without where the name stands for a host alone. */
export const siteHost: Filler = (variable, { place }) => {
  if (/COOKIE_DOMAIN/.test(`${variable.setting} ${variable.name}`)) return undefined;
  const host = wantsPort(variable.default, variable.setting, variable.name) ? authority(place) : canonical(place);
  return spellList(variable, [host]) || host;
};

function wantsPort(written: string | undefined, setting: string | undefined, name: string): boolean {
  if (setting?.startsWith('ALLOWED_HOSTS') || /HOST_?NAME/.test(name)) return false;
  return written === undefined || written === '' || /:\d+$/.test(written);
}
