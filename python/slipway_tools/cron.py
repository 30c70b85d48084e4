"""Runs the jobs of a release at their times, until it is asked to end: cron.py JOBS.json

JOBS.json holds `zone` (a name of the tz database, or null for this machine's), `folder` (what outlives releases: locks, the last minute
looked at) and `jobs`: {name, argv, log, stop_seconds} with a schedule as wall_clock.py reads it. Each start and end is one line of JSON on
standard output; what a job says goes to its own log. Run with `python -I -S`: nothing but the standard library is needed.
"""

import json
import os
import select
import signal
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from log_line import log_line  # noqa: E402
from scheduler import Scheduler  # noqa: E402

# Where the C library looks, and what Debian and others call it.
ZONES = ("/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/etc/zoneinfo")


def main(path):
    with open(path, encoding="utf-8") as file:
        plan = json.load(file)
    waiting = Waiting()
    use_zone(plan["zone"])
    scheduler = Scheduler(plan, tell, minute())
    tell("info", "%d jobs: %s" % (len(plan["jobs"]), ", ".join(job["name"] for job in plan["jobs"])), zone=os.environ.get("TZ", time.tzname[0]))
    while not waiting.ended:
        scheduler.reap()
        scheduler.tick(minute())
        waiting.pause(60 - time.time() % 60)
    scheduler.finish(waiting.pause)
    return 0


def minute():
    return int(time.time() // 60)


def use_zone(name):
    if name is None:
        return
    if not any(os.path.isfile(os.path.join(folder, name)) for folder in ZONES):
        tell("warning", "this machine does not know the time zone %s: times are those of its own" % name)
        return
    os.environ["TZ"] = name
    time.tzset()


class Waiting:
    """Sleep that ends early when a job ends or the program is to."""

    def __init__(self):
        self.ended = False
        self.reader, writer = os.pipe()
        for descriptor in (self.reader, writer):
            os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(writer)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.end)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def end(self, *_):
        self.ended = True

    def pause(self, seconds):
        if select.select([self.reader], [], [], seconds)[0]:
            os.read(self.reader, 4096)


def tell(level, message, **fields):
    sys.stdout.write(log_line(level, message, **fields))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
