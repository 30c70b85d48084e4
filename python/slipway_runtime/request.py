"""What a helper is asked. Secrets of the project's environment come with it, never by the environment it is started with, which others may look into."""
import json
import os
import sys

PR_SET_DUMPABLE = 4


def read():
    """The request on standard input; the variables of its `environment` are the process's from then on, and `secrets` has their names."""
    _keep_to_itself()
    request = json.load(sys.stdin)
    variables = request.pop('environment', None) or {}
    os.environ.update(variables)
    request['secrets'] = sorted(variables)
    return request


def _keep_to_itself():
    """Other processes of the same user may not read this one's memory: https://man7.org/linux/man-pages/man2/PR_SET_DUMPABLE.2const.html"""
    if not sys.platform.startswith('linux'):
        return
    try:
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    except (ImportError, OSError, AttributeError):  # a Python without it: the environment is empty of secrets all the same
        pass
