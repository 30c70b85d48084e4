"""An end to projects that hang while they load."""
import sys
import threading
import traceback


class Watchdog:
    """After `seconds`, calls ``bark(frames)`` from a thread of its own: a signal would wait for a C call that does not return.

    `frames` are (file, line, function) of where the main thread is stuck, outermost first.
    """

    def __init__(self, seconds, bark):
        self._main = threading.get_ident()
        self._bark = bark
        self._timer = threading.Timer(seconds, self._late)
        self._timer.daemon = True
        self._timer.start()

    def stop(self):
        """Call it off."""
        self._timer.cancel()

    def _late(self):
        frame = sys._current_frames().get(self._main)
        places = [(each.f_code.co_filename, line, each.f_code.co_name) for each, line in traceback.walk_stack(frame)] if frame else []
        self._bark(places[::-1])
