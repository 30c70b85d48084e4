import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { groundwork, resolveRelease } from '../../../src/config/resolve/release.js';
import { Failure } from '../../../src/core/failure.js';
import { golden } from './golden.js';
import { database, explicit, facts, project, resolveInput, server } from './samples.js';

/** One of each: what a person deploys on a Monday. */
const SAMPLES = {
  plain: resolveInput(),
  old: resolveInput({
    project: project({ django: '1.11.29', packages: { django: '1.11.29' } }),
    facts: facts({ python: '3.7.16', django: '1.11.29' }),
  }),
  shop: resolveInput({
    project: project({
      packages: { django: '5.2.17', celery: '5.5.0', redis: '5.0', psycopg: '3.2' },
      services: ['postgresql', 'redis'],
      variables: [
        { name: 'DATABASE_URL', meaning: 'database-url', required: true },
        { name: 'DJANGO_SECRET_KEY', meaning: 'secret-key', required: true, setting: 'SECRET_KEY' },
        { name: 'STRIPE_KEY', required: true, meaning: 'api-key' },
      ],
    }),
    facts: facts({
      databases: { default: database({ engine: 'django.db.backends.postgresql', name: 'shop', host: '/run' }) },
      caches: { default: { backend: 'django.core.cache.backends.redis.RedisCache', location: 'redis://localhost:6379/1' } },
      celery: { app: 'shop', broker: 'redis://localhost', beat: true, queues: [] },
      settings: { CELERY_BROKER_URL: explicit('redis://localhost:6379/0') },
    }),
  }),
  chat: resolveInput({
    project: project({ interface: 'asgi', packages: { django: '5.2.17', channels: '4.3.2' } }),
    facts: facts({ settings: { CHANNEL_LAYERS: explicit({ default: { BACKEND: 'channels.layers.InMemoryChannelLayer' } }) } }),
  }),
  newest: resolveInput({
    project: project({ django: '6.1.1', packages: { django: '6.1.1' } }),
    facts: facts({
      django: '6.1.1',
      settings: { MAILERS: explicit({ default: { BACKEND: 'django.core.mail.backends.console.EmailBackend' } }) },
    }),
  }),
  production: resolveInput({ place: server() }),
};

for (const [name, sample] of Object.entries(SAMPLES)) {
  describe(name, () => {
    const resolution = resolveRelease(sample);
    const { release, overrides } = resolution;
    test('is data, the same each time', () => {
      assert.deepEqual(JSON.parse(JSON.stringify(resolution)), resolution);
      assert.deepEqual(resolveRelease(sample), resolution);
    });
    test('has a reason for every setting it holds', () => {
      for (const { setting, reason } of overrides) assert.ok(reason.length > 15, setting);
      assert.equal(overrides.length, release.pins.length);
    });
    test('holds each setting once', () => {
      const held = release.pins.filter(({ op }) => op === 'hold').map(({ name }) => name);
      assert.deepEqual(held, [...new Set(held)]);
      for (const { name, op } of release.pins) assert.ok(op === 'hold' || !held.includes(name), name);
    });
    test('has no mail settings of both kinds', () => {
      const names = release.pins.map(({ name }) => name);
      assert.ok(!(name === 'newest' && names.some((one) => one.startsWith('EMAIL_'))));
    });
    test('keeps all it knows as a golden', () => {
      const shape = {
        pins: Object.fromEntries(release.pins.map((pin) => [`${pin.name} (${pin.op})`, pin.value])),
        env: release.env,
        web: release.web,
        processes: release.processes.map(({ argv }) => argv.join(' ')),
        services: release.services.map(({ kind }) => kind),
        additions: groundwork(sample, sample.facts).additions.map(({ requirement }) => requirement),
        warnings: resolution.warnings.map(({ code }) => code),
        kept: resolution.kept.map(({ how, path }) => `${how} ${path}`),
        secrets: resolution.secrets.map(({ name }) => name),
        files: release.files,
      };
      golden(name, shape);
    });
  });
}

test('what is required and unknown stops a deployment elsewhere', () => {
  const variables = [{ name: 'STRIPE_KEY', required: true }];
  assert.throws(
    () => resolveRelease(resolveInput({ place: server(), project: project({ variables }) })),
    (error) =>
      error instanceof Failure &&
      error.code === 'VARIABLES_MISSING' &&
      /shop\/settings\.py:12 needs .*STRIPE_KEY/.test(error.message),
  );
});

test('the facts about another database change the ground', () => {
  const input = resolveInput();
  const first = groundwork(input);
  const told = groundwork(input, facts({ databases: { default: database({ engine: 'django.db.backends.postgresql' }) } }));
  assert.equal(first.database.kind, 'sqlite');
  assert.equal(told.database.kind, 'postgresql');
  assert.notEqual(first.variables.env['DATABASE_URL'], told.variables.env['DATABASE_URL']);
});

test('a cache in the database wants its table', () => {
  const caches = { default: { backend: 'django.core.cache.backends.db.DatabaseCache', location: 'cache' } };
  assert.equal(resolveRelease(resolveInput({ facts: facts({ caches }) })).cacheTable, true);
  assert.equal(resolveRelease(resolveInput()).cacheTable, false);
});

test('files are where the settings have them in the end', () => {
  const known = facts({ settings: { STATIC_URL: explicit('assets/'), MEDIA_URL: explicit('/uploads/') } });
  assert.deepEqual(resolveRelease(resolveInput({ facts: known })).release.files, { url: '/assets/', media: '/uploads/' });
});
