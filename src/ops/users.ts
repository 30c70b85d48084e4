import type { Command } from '../core/command.js';

export interface SystemUser {
  readonly name: string;
  readonly home: string;
  /** Stands in its entry and tells whose it is: no colon. */
  readonly what: string;
}

/** A user that nobody logs in as, with a group of its name. Fails where there is one of that name. */
export const createUser = ({ name, home, what }: SystemUser): Command => ({
  argv: [
    ...['useradd', '--system', '--user-group', '--no-create-home', '--home-dir', home],
    ...['--shell', '/usr/sbin/nologin', '--comment', what, '--', name],
  ],
  timeoutSeconds: 30,
});

/** Exit 0 where it is there and ours, else 1. */
export const userIsThere = ({ name, what }: SystemUser): Command => ({
  argv: ['sh', '-uc', 'test "$(getent passwd -- "$1" | cut -d: -f5)" = "$2"', 'sh', name, what],
  timeoutSeconds: 30,
});

/** Takes it away; one that is not there, or not ours, stays as it is. */
export const removeUser = ({ name, what }: SystemUser): Command => ({
  argv: ['sh', '-euc', 'if [ "$(getent passwd -- "$1" | cut -d: -f5)" = "$2" ]; then userdel -- "$1"; fi', 'sh', name, what],
  timeoutSeconds: 30,
});
