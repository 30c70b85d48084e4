"""Runs jobs when they are due, by minutes: no job twice for one minute, and no two runs of one job at the same time."""

import os
import signal
import time
from datetime import datetime, timezone

from job_run import Run, StillRunning, signal_name
from log_line import log_line
from wall_clock import latest_due

# Minutes that were missed (the machine slept, a release was handed over, the clock was put forward) are made good by one run if they are no
# older; a clock that is put back by more was wrong before.
GRACE = 60
# Between being asked to end and being made to.
KILL_AFTER = 10


class Scheduler:
    def __init__(self, plan, tell, now):
        """`plan` is what jobs.json holds; `tell` takes the fields of a log line; `now` is the current minute since 1970."""
        self.jobs = plan["jobs"]
        self.folder = plan["folder"]
        self.tell = tell
        self.running = {}
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        self.last = read_minute(self.path(), now)

    def path(self):
        return os.path.join(self.folder, "minute")

    def tick(self, now):
        """Starts what has become due since the last minute that was looked at."""
        if self.last - now > GRACE:
            self.tell("warning", "the clock went back by %d minutes" % (self.last - now))
            self.remember(now)
        if now <= self.last:
            return
        after = max(self.last, now - GRACE)
        # First, so that no minute is looked at again whatever happens next.
        self.remember(now)
        for job in self.jobs:
            minute = latest_due(job, after, now)
            if minute is not None:
                self.start(job, minute)

    def remember(self, minute):
        self.last = minute
        try:
            with open(self.path() + ".new", "w") as file:
                file.write("%d\n" % minute)
            os.replace(self.path() + ".new", self.path())
        except OSError as error:
            self.tell("error", "cannot write %s: %s" % (self.path(), error.strerror))

    def start(self, job, minute):
        name = job["name"]
        of = datetime.fromtimestamp(minute * 60, timezone.utc).astimezone().isoformat()
        try:
            if name in self.running:
                raise StillRunning()
            # What jobs say has no times of its own: this is the time of all that follows.
            headline = log_line("info", "run of %s" % of, job=name)
            self.running[name] = run = Run(job, self.folder, headline)
        except StillRunning:
            return self.tell("warning", "%s is still running: its run of %s is left out" % (name, of), job=name, due=of)
        except OSError as error:
            return self.tell("error", "%s cannot be started: %s" % (name, error), job=name, due=of)
        self.tell("info", "%s started" % name, job=name, due=of, pid=run.process.pid)

    def reap(self):
        """Tells of the runs that have ended."""
        for name, run in list(self.running.items()):
            code = run.exit_code()
            if code is None:
                continue
            del self.running[name]
            how = "was ended by %s" % signal_name(code) if code < 0 else "ended with exit code %d" % code
            level = "info" if code == 0 else "error"
            self.tell(level, "%s %s after %s s" % (name, how, run.seconds()), job=name, exit_code=code, seconds=run.seconds())

    def finish(self, pause):
        """Lets what runs end, each for its own stop seconds, then ends it. `pause` waits for at most the seconds it is given."""
        began = time.monotonic()
        asked = set()
        self.reap()
        for name in self.running:
            self.tell("info", "waiting for %s" % name, job=name)
        while self.running:
            over = time.monotonic() - began
            for name, run in self.running.items():
                if over >= run.job["stop_seconds"] + KILL_AFTER:
                    run.send(signal.SIGKILL)
                elif over >= run.job["stop_seconds"] and name not in asked:
                    asked.add(name)
                    self.tell("warning", "%s takes too long: it is ended" % name, job=name)
                    run.send(signal.SIGTERM)
            pause(0.2)
            self.reap()


def read_minute(path, now):
    """The last minute that an earlier scheduler looked at; `now` where there was none."""
    try:
        with open(path) as file:
            return int(file.read())
    except (OSError, ValueError):
        return now
