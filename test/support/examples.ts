import type { Wanted } from './live-checks.js';

/** Each folder of `examples/`: what a visitor sees first, and where the admin is. */
export const EXAMPLES: Readonly<Record<string, Wanted>> = {
  allotment: { page: '/', text: /Allotment|Mill Lane/i, admin: '/admin/' },
  'bakery-orders': { page: '/', text: /bak|order|bread/i, admin: '/office/' },
  'studio-chat': { page: '/', text: /studio|room/i, admin: '/admin/' },
  'guestbook-classic': { page: '/', text: /guest/i, admin: '/landlord/' },
  'field-notes': { page: '/', text: /note|field/i, admin: '/admin/' },
};
