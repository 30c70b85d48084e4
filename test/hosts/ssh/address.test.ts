import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../../src/core/failure.js';
import { parseAddress } from '../../../src/hosts/ssh/address.js';

const GOOD: Readonly<Record<string, object>> = {
  'deploy@203.0.113.10': { user: 'deploy', host: '203.0.113.10' },
  web1: { host: 'web1' },
  'root@shop.example:2222': { user: 'root', host: 'shop.example', port: 2222 },
  'deploy@[2001:db8::1]:22': { user: 'deploy', host: '2001:db8::1', port: 22 },
  '[fe80::1%eth0]': { host: 'fe80::1%eth0' },
  '2001:db8::1': { host: '2001:db8::1' },
};

test('addresses are read', () => {
  for (const [text, wanted] of Object.entries(GOOD)) assert.deepEqual(parseAddress(text), wanted, text);
});

test('what ssh would take for an option or a command is no address', () => {
  for (const text of [
    '',
    '-oProxyCommand=sh',
    'a@-oX',
    '-l@host',
    'a b',
    'host:',
    'host:0',
    'host:70000',
    'host:x',
    'a@b@c d',
    'x\ny',
    '@host',
    'a/b',
  ]) {
    assert.throws(
      () => parseAddress(text),
      (error) => error instanceof Failure && error.code === 'HOST_ADDRESS',
      JSON.stringify(text),
    );
  }
});
