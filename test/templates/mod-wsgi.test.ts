import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ModWsgiConf, modWsgiConf } from '../../src/templates/mod-wsgi-conf.js';
import { assertGolden } from '../support/golden.js';

const CONF: ModWsgiConf = {
  workers: 2,
  threads: 4,
  maxBody: 1_000_000,
  gracefulSeconds: 30,
  folder: '/srv/shop/releases/V/servers',
  protect: [],
  edge: '/srv/shop/edge/token.known',
};

test('golden of an Apache that asks for passwords', () => {
  const protect = [
    {
      path: '/media/contracts/',
      realm: 'Contracts',
      groups: ['editors', 'the board'],
      folder: '/srv/shop/data/media/contracts/',
    },
    { path: '/members/', realm: 'Members', groups: [] },
  ];
  assertGolden('templates/goldens/mod-wsgi-protected.conf', modWsgiConf({ ...CONF, protect }));
});

test('where nothing is protected, no Python runs outside of mod_wsgi’s own processes', () => {
  const text = modWsgiConf(CONF);
  assert.match(text, /^WSGIRestrictEmbedded On$/m);
  assert.doesNotMatch(text, /auth_basic|WSGIAuth/);
});

test('Apache listens on loopback alone, and takes bodies as long as the edge does', () => {
  assert.match(modWsgiConf(CONF), /^Listen 127\.0\.0\.1:/m);
  assert.match(modWsgiConf(CONF), /^LimitRequestBody 1000000$/m);
});
