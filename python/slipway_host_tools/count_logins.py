"""Counts attempts to log in, for Apache, which starts it and asks it (RewriteMap prg:):

count_logins.py

Reads an address a line; prints `wait` where it has tried too often, else `go`. The rule is that of nginx's `limit_req` with `rate=20r/m burst=10
nodelay`: who has waited long enough may try eleven times at once, and then every three seconds. An attempt that had to wait is not counted.
https://nginx.org/en/docs/http/ngx_http_limit_req_module.html
"""

import collections
import sys
import time

A_SECOND = 20 / 60
AT_ONCE = 10
# As many as nginx has in 1 MB.
ADDRESSES = 16000


class Attempts:
    def __init__(self, clock=time.monotonic):
        self.clock = clock
        # Address to how many attempts have not been waited for, and when that was; who has been quiet for longest comes first.
        self.known = collections.OrderedDict()

    def may(self, address):
        now = self.clock()
        level, since = self.known.pop(address, (-1, now))
        risen = max(0, level - (now - since) * A_SECOND + 1)
        allowed = risen <= AT_ONCE
        self.known[address] = (risen, now) if allowed else (level, since)
        if len(self.known) > ADDRESSES:
            self.known.popitem(last=False)
        return allowed


def main():
    attempts = Attempts()
    for line in sys.stdin.buffer:
        sys.stdout.write("go\n" if attempts.may(line) else "wait\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
