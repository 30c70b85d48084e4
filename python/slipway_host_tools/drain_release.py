"""Lets a release that has been replaced finish what it is doing, then ends and forgets it. Runs as a unit of its own and outlives its caller.

drain_release.py --key shop --release VERSION --live LINK --own FOLDER --web-socket SOCKET --flag FILE [--limit SECONDS]

1. Refuses to touch the release that is live: LINK must not lead to FOLDER.
2. Has systemd read what starts with the machine now, and writes FILE: the application's wrapper then closes websockets with 1012.
3. Stops the workers; each has its own stop seconds. Jobs that run go on.
4. Waits until the web socket has no connection, for SECONDS at most (default 60). No server's own SIGTERM can be trusted to finish them.
5. Stops the rest, once its jobs have ended or their stop seconds are over, and takes its units away.

Run twice, or again after it was killed, it goes on where it stands.
"""

import os
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "slipway_tools")]

from release_units import Release, options_parser, states, systemctl  # noqa: E402
from socket_connections import connections  # noqa: E402

POLL = 0.1


def main():
    parser = options_parser(__doc__)
    parser.add_argument("--limit", type=float, default=60)
    options = parser.parse_args()
    release = Release(options)
    if release.is_live():
        return say("release %s is live: left alone" % release.version)
    # The switch has changed what starts with the machine, and does not wait for systemd to read it.
    systemctl("daemon-reload")
    with open(release.flag, "w", encoding="utf-8"):
        pass
    workers = [name for name in release.wanted() if name.endswith(".service") and name != release.web and name not in release.jobs()]
    if workers:
        systemctl("stop", "--no-block", *workers)
    left = wait_until_idle(release, options.limit)
    wait_for_jobs(release, options.limit)
    if release.is_live():
        os.unlink(release.flag)
        return say("release %s became live again: left alone" % release.version)
    say("release %s has %s: stopping" % (release.version, "no connection" if left == 0 else "still %d connections" % left))
    # Stopped before they are forgotten; systemctl waits for each unit's own time.
    systemctl("stop", *(release.targets + release.wanted()))
    while release.running():
        time.sleep(POLL)
    release.forget()
    return say("release %s is gone" % release.version)


def wait_until_idle(release, limit):
    """The number of connections that were left when the time was over."""
    end = time.monotonic() + limit
    while True:
        left = connections(release.web_socket)
        if left == 0 or time.monotonic() >= end or release.is_live():
            return left
        time.sleep(POLL)


def wait_for_jobs(release, limit):
    """A job that began before the switch ends in its own time, or is told to when the time is over: its unit's stop seconds come on top."""
    end = time.monotonic() + limit
    jobs = release.jobs()
    while any(state == "activating" for state in states(jobs).values()) and time.monotonic() < end and not release.is_live():
        time.sleep(POLL)


def say(text):
    print(text, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
