"""A worker of the web server ends with the process that made it, however that ended.

Gunicorn's and uWSGI's workers look after their parent by themselves. Those of Uvicorn, Hypercorn and Granian go on when it is killed: nobody asks them for
anything, and they keep their memory and their database connections.
"""
import os
import signal

_MAIN = 'SLIPWAY_MAIN_PROCESS'
# https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html
_PR_SET_PDEATHSIG = 1


def end_with_parent():
    """In a worker of the process that was launched: be killed when that ends. Elsewhere, as in that process itself, nothing. Never raises."""
    main = os.environ.get(_MAIN)
    # What the supervisor has started itself goes on without it: then the next run finds the app serving.
    if main is None or main != str(os.getppid()):
        return
    try:
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    except (ImportError, OSError, AttributeError):
        return
    if main != str(os.getppid()):
        os.kill(os.getpid(), signal.SIGKILL)
