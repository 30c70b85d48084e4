import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectionFailure } from '../../../src/hosts/ssh/failures.js';

/** What OpenSSH and sudo print, word by word. */
const SAID: readonly (readonly [said: string, code: string])[] = [
  ['ssh: connect to host 10.0.0.9 port 22: Connection refused', 'SSH_REFUSED'],
  ['kex_exchange_identification: Connection closed by remote host\nConnection closed by 10.0.0.9 port 22', 'SSH_REFUSED'],
  ['kex_exchange_identification: read: Connection reset by peer', 'SSH_REFUSED'],
  ['Connection timed out during banner exchange\nConnection to 10.0.0.9 port 22 timed out', 'SSH_REFUSED'],
  ['ssh: connect to host 10.0.0.9 port 22: Connection timed out', 'SSH_UNREACHABLE'],
  ['ssh: connect to host 10.0.0.9 port 22: No route to host', 'SSH_UNREACHABLE'],
  ['ssh: Could not resolve hostname nowhere.invalid: Name or service not known', 'SSH_UNREACHABLE'],
  ['deploy@10.0.0.9: Permission denied (publickey,password).', 'SSH_AUTH'],
  ['Received disconnect from 10.0.0.9 port 22:2: Too many authentication failures', 'SSH_AUTH'],
  [
    'No ED25519 host key is known for 10.0.0.9 and you have requested strict checking.\nHost key verification failed.',
    'HOST_KEY_UNKNOWN',
  ],
  [
    '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key for 10.0.0.9 has changed and you have requested strict checking.\nHost key verification failed.',
    'HOST_KEY_CHANGED',
  ],
  ['@       WARNING: REVOKED HOST KEY DETECTED!               @\nHost key verification failed.', 'HOST_KEY_CHANGED'],
  ['Unable to negotiate with 10.0.0.9 port 22: no matching host key type found. Their offer: ssh-dss', 'SSH_ALGORITHMS'],
  ['/x/config: line 3: Bad configuration option: hosst\n/x/config: terminating, 1 bad configuration options', 'SSH_CONFIG'],
  ['deploy is not in the sudoers file.', 'SUDO_DENIED'],
  ["Sorry, user deploy is not allowed to execute '/usr/bin/python3' as root on web1.", 'SUDO_DENIED'],
  ['sudo: sorry, you must have a tty to run sudo', 'SUDO_DENIED'],
  ['env: ‘sudo’: No such file or directory', 'SUDO_MISSING'],
  ["env: 'sudo': No such file or directory", 'SUDO_MISSING'],
  ['Sorry, try again.\nsudo: 1 incorrect password attempt', 'SUDO_PASSWORD'],
  ['bash: line 1: /usr/bin/python3: No such file or directory', 'HOST_PYTHON_MISSING'],
  ['sudo: /usr/bin/python3: command not found', 'HOST_PYTHON_MISSING'],
  ['This account is currently not available.', 'SSH_FAILED'],
  ['', 'SSH_REFUSED'],
];

test('each word of ssh and sudo has its code', () => {
  for (const [stderr, code] of SAID) {
    const failure = connectionFailure({ name: 'deploy@web1', code: 255, stderr, stdout: '' });
    assert.equal(failure.code, code, stderr);
    assert.ok(failure.hint, stderr);
    assert.match(failure.message, code === 'SSH_CONFIG' ? /configuration/ : /web1/);
  }
});

test('what the login prints is judged only where ssh said nothing', () => {
  const failure = connectionFailure({
    name: 'h',
    code: 255,
    stderr: 'h: Permission denied (publickey).',
    stdout: 'Connection refused',
  });
  assert.equal(failure.code, 'SSH_AUTH');
  assert.match(failure.detail ?? '', /Permission denied/);
});
