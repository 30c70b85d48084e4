import type { Flows } from './flows.js';

/** The real flows. Each is loaded at its first use, since a command needs one of them and its help none. */
export const loadedFlows: Flows = {
  up: async (...args) => (await import('../flows/up.js')).up(...args),
  down: async (...args) => (await import('../flows/down.js')).down(...args),
  status: async (...args) => (await import('../flows/status.js')).status(...args),
  releases: async (...args) => (await import('../flows/releases.js')).releases(...args),
  rollback: async (...args) => (await import('../flows/rollback.js')).rollback(...args),
  verify: async (...args) => (await import('../flows/verify.js')).verify(...args),
  exec: async (...args) => (await import('../flows/exec.js')).exec(...args),
  trust: async (...args) => (await import('../flows/trust.js')).trust(...args),
  logs: async (...args) => (await import('../flows/logs.js')).logs(...args),
  check: async (...args) => (await import('../flows/check.js')).check(...args),
  doctor: async (...args) => (await import('../flows/doctor.js')).doctor(...args),
  init: async (...args) => (await import('../flows/init.js')).init(...args),
  secretsSet: async (...args) => (await import('../flows/secrets.js')).secretsSet(...args),
  secretsList: async (...args) => (await import('../flows/secrets.js')).secretsList(...args),
  secretsUnset: async (...args) => (await import('../flows/secrets.js')).secretsUnset(...args),
};
