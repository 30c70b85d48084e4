import type { Place } from './input.js';

/** `https://shop.example`, `https://localhost:8443`: no slash at the end; the port only where it is not 443. */
export function origin(place: Place, domain: string = canonical(place)): string {
  return `https://${authority(place, domain)}`;
}

/** Host as a browser sends it: with the port where it is not 443. */
export function authority(place: Place, domain: string = canonical(place)): string {
  return place.httpsPort === 443 ? domain : `${domain}:${place.httpsPort}`;
}

export function canonical(place: Place): string {
  return hostNames(place)[0] ?? 'localhost';
}

/** True on the developer's own machine, where nothing may reach the world by accident and gaps are filled in. */
export function isLocal(place: Place): boolean {
  return place.target === 'local';
}

/** An IPv6 address as it stands in a URL. */
const bracketed = (name: string): string => (name.includes(':') && !name.startsWith('[') ? `[${name}]` : name);

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** Every name the app must answer to: its domains, and on this machine every spelling of it. */
export function hostNames(place: Place): string[] {
  return [...new Set([...place.domains.map(bracketed), ...(isLocal(place) ? LOOPBACK : [])])];
}
