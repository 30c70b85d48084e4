"""One run of a job: a process group of its own, whose output goes to a file."""

import fcntl
import os
import signal
import subprocess
import time

LOG_BYTES = 10 * 1024 * 1024


class StillRunning(Exception):
    """An earlier run of the job has not ended."""


class Run:
    def __init__(self, job, folder, headline):
        """Starts it. `folder` holds the locks; `headline` is what its log is told first. Raises StillRunning, OSError."""
        self.job = job
        lock = os.open(os.path.join(folder, job["name"] + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            take(lock)
            with open_log(job["log"]) as log:
                log.write(headline.encode())
                log.flush()
                # It inherits the lock: a run that has outlived its scheduler still holds it.
                self.process = subprocess.Popen(
                    job["argv"],
                    cwd="/",
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    pass_fds=(lock,),
                )
        finally:
            os.close(lock)
        self.began = time.monotonic()

    def seconds(self):
        return round(time.monotonic() - self.began, 3)

    def exit_code(self):
        """None while it runs; negative for the signal that ended it."""
        return self.process.poll()

    def send(self, number):
        """A signal to all of it."""
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            pass


def take(lock):
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise StillRunning()


def open_log(path):
    """The file to add to; one that has grown large is turned over first, as the supervisor does with its logs."""
    try:
        if os.path.getsize(path) > LOG_BYTES:
            os.replace(path, path + ".1")
    except FileNotFoundError:
        pass
    return open(path, "ab")


def signal_name(code):
    try:
        return signal.Signals(-code).name
    except ValueError:
        return str(-code)
