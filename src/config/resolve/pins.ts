import type { Warning } from '../../core/failure.js';
import type { Pin } from '../../core/pin.js';
import type { Json } from '../../core/plan.js';
import { caches } from './pins/caches.js';
import { channels } from './pins/channels.js';
import type { Area, PinContext } from './pins/context.js';
import { databases } from './pins/databases.js';
import { debug } from './pins/debug.js';
import { email } from './pins/email.js';
import { headers } from './pins/headers.js';
import { hosts } from './pins/hosts.js';
import { https } from './pins/https.js';
import { logging } from './pins/logging.js';
import { media } from './pins/media.js';
import { migrations } from './pins/migrations.js';
import { queues } from './pins/queues.js';
import { redisSettings } from './pins/redis-settings.js';
import { secretKey } from './pins/secret-key.js';
import { sessions } from './pins/sessions.js';
import { staticFiles } from './pins/static.js';

const AREAS: readonly ((context: PinContext) => Area)[] = [
  debug,
  hosts,
  https,
  headers,
  secretKey,
  databases,
  migrations,
  caches,
  sessions,
  redisSettings,
  queues,
  channels,
  staticFiles,
  media,
  logging,
  email,
];

/** Every setting that is held in this environment, with its reason; the user's own choices are last and win. */
export function pinSettings(context: PinContext): { pins: Pin[]; warnings: Warning[] } {
  const areas = AREAS.map((area) => area(context));
  const own = [...areas.flatMap(({ pins }) => pins ?? []), ...silenced(areas)];
  return { pins: chosen(own, context.choices.settings ?? {}), warnings: areas.flatMap(({ warnings }) => warnings ?? []) };
}

/** Checks that would complain about what is right here: `check --deploy` says only what someone should do something about. */
function silenced(areas: readonly Area[]): Pin[] {
  const ids = [...new Set(areas.flatMap(({ silence }) => silence ?? []))].sort();
  if (ids.length === 0) return [];
  return [
    {
      name: 'SILENCED_SYSTEM_CHECKS',
      op: 'extend',
      value: ids,
      reason: 'these checks ask for what would be wrong in this environment',
    },
  ];
}

function chosen(own: readonly Pin[], settings: Readonly<Record<string, Json>>): Pin[] {
  const left = own.filter(({ name }) => !(name in settings));
  const held = Object.entries(settings).filter(([, value]) => value !== 'keep');
  return [...left, ...held.map(([name, value]): Pin => ({ name, op: 'hold', value, reason: 'chosen in slipway.yml' }))];
}
