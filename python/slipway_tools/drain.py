"""Lets a release that has been replaced finish what it is doing, then stops and forgets it. One-shot, itself supervised, so that it outlives its caller.

drain.py --supervisor SOCKET --group release-1 --own PATH --live LINK --web-socket SOCKET --flag FILE --programs FOLDER --self NAME [--limit SECONDS]

1. Refuses to touch the release that is live: LINK must not lead where PATH (this release's socket or folder) leads.
2. Writes FILE: the application's wrapper then closes websockets with 1012.
3. Sends the workers their stop signal; each has its own stop seconds.
4. Waits until the web socket has no connection, for SECONDS at most (default 60). No server's own SIGTERM can be trusted to finish them.
5. Stops the rest, forgets the group and removes its file, the socket and FILE; then its own file and itself.

Run twice, or again after it was killed, it goes on where it stands.
"""

import argparse
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from socket_connections import connections  # noqa: E402
from supervisor_rpc import BAD_NAME, ENDED, NOT_RUNNING, STILL_RUNNING, Fault, Supervisor  # noqa: E402

POLL = 0.1


def main():
    options = parse()
    supervisor = Supervisor(options.supervisor)
    if is_live(options):
        say("%s is live: left alone" % options.group)
        return leave(options, supervisor)
    with open(options.flag, "w"):
        pass
    for process in supervisor.processes(options.group):
        if not is_web(process["name"]):
            stop(supervisor, options.group, process["name"])
    left = wait_until_idle(options)
    if is_live(options):
        say("%s became live again: left alone" % options.group)
        remove(options.flag)
        return leave(options, supervisor)
    say("%s has %s: stopping" % (options.group, "no connection" if left == 0 else "still %d connections" % left))
    for process in supervisor.processes(options.group):
        stop(supervisor, options.group, process["name"])
    # The file goes first: killed between the two, supervisord would otherwise start the release again one day.
    remove(os.path.join(options.programs, options.group + ".conf"))
    wait_until_ended(supervisor, options.group)
    supervisor.tolerate((BAD_NAME,), "removeProcessGroup", options.group)
    remove(options.web_socket)
    remove(options.flag)
    say("%s is gone" % options.group)
    return leave(options, supervisor)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("supervisor", "group", "own", "live", "web-socket", "flag", "programs"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--self", dest="own_group", required=True)
    parser.add_argument("--limit", type=float, default=60)
    return parser.parse_args()


def is_live(options):
    return os.path.realpath(options.live) == os.path.realpath(options.own)


def is_web(name):
    return name == "web" or name.startswith("web-")


def stop(supervisor, group, name):
    supervisor.tolerate((BAD_NAME, NOT_RUNNING), "stopProcess", "%s:%s.%s" % (group, group, name), False)


def wait_until_idle(options):
    """The number of connections that were left when the time was over."""
    end = time.monotonic() + options.limit
    while True:
        left = connections(options.web_socket)
        if left == 0 or time.monotonic() >= end or is_live(options):
            return left
        time.sleep(POLL)


def wait_until_ended(supervisor, group):
    while any(process["statename"] not in ENDED for process in supervisor.processes(group)):
        time.sleep(POLL)


def leave(options, supervisor):
    """Removes its own file; a child outlives it by a moment to have supervisord forget it."""
    remove(os.path.join(options.programs, options.own_group + ".conf"))
    if os.fork() != 0:
        return 0
    os.setsid()
    with open(os.devnull, "r+") as nowhere:
        for descriptor in (0, 1, 2):
            os.dup2(nowhere.fileno(), descriptor)
    for _ in range(100):
        time.sleep(POLL)
        try:
            supervisor.call("removeProcessGroup", options.own_group)
            break
        except Fault as fault:
            if fault.code != STILL_RUNNING:
                break
        except OSError:
            break
    os._exit(0)


def remove(path):
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass


def say(text):
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
