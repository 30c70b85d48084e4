"""What the application runs beside answering requests: threads, an alarm, child processes. Any of it can end the process by itself."""
import os
import signal
import sys
import threading
import time

_IMPORTED = time.monotonic()
# https://man7.org/linux/man-pages/man2/clock_gettime.2.html; Python names it since 3.7.
_CLOCK_BOOTTIME = 7


class Background:
    """Knows what runs before the application is loaded, and, from `loaded` on, what came with it."""

    def __init__(self):
        self._threads_before = set(sys._current_frames())
        self._children_before = _children()
        self._alarm_before = _alarm()
        self._threads = {}
        self._children = set()
        self._pid = os.getpid()
        self._names = []

    def loaded(self):
        """To be called once the application is there: what the server starts later is not the application's."""
        known = {thread.ident: thread for thread in threading.enumerate()}
        self._threads = {ident: known.get(ident) for ident in set(sys._current_frames()) - self._threads_before}
        self._children = _children() - self._children_before
        self._names = self.names()

    def names(self):
        """Names of what came with the application and is still there, for a person. Never raises."""
        try:
            # A server that forks after it has loaded the application keeps them in the process that has loaded it.
            return self._now() if os.getpid() == self._pid else self._names
        except Exception:  # tables that change while they are read
            return []

    def _now(self):
        return self._living_threads() + self._alarms() + ['process %d' % pid for pid in sorted(self._children & _children())]

    def _living_threads(self):
        frames = sys._current_frames()
        # Numbers of threads are given again; the object tells one from the next. One without an object was not made by `threading`.
        alive = [thread for ident, thread in self._threads.items() if ident in frames and (thread is None or thread.is_alive())]
        return sorted('a thread' if thread is None else thread.name for thread in alive)

    def _alarms(self):
        return ['alarm'] if _alarm() and not self._alarm_before else []


def age():
    """Seconds since this process was made; since this module was imported where the kernel does not tell."""
    try:
        with open('/proc/self/stat') as table:
            ticks = int(table.read().rpartition(')')[2].split()[19])
        return time.clock_gettime(_CLOCK_BOOTTIME) - ticks / os.sysconf('SC_CLK_TCK')
    except (OSError, ValueError, IndexError):
        return time.monotonic() - _IMPORTED


def _alarm():
    return signal.getitimer(signal.ITIMER_REAL)[0] > 0


def _children():
    """Process ids of the children of every thread; empty where the kernel does not tell: https://docs.kernel.org/filesystems/proc.html"""
    pids = set()
    try:
        for task in os.listdir('/proc/self/task'):
            with open('/proc/self/task/%s/children' % task) as table:
                pids.update(int(pid) for pid in table.read().split())
    except (OSError, ValueError):
        pass
    return pids
