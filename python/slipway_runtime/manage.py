"""Runs one command of the project's own: ``python -m slipway_runtime.manage``, as ``python manage.py COMMAND`` in the project's directory would.

``{"root", "directory", "manage", "settings", "configuration", "environment", "argv": [COMMAND, …], "keep"}`` on standard input. The project's code finds the variables of its
`environment` in os.environ. What the command starts in turn, npm and whatever that runs of packages, does not get them, unless `keep` is true.
"""
import os
import runpy
import subprocess
import sys

from . import request
from .entry import Entry


def run(asked):
    """Becomes the command; ends as it ends."""
    if not asked.get('keep'):
        keep_from_children(frozenset(asked['secrets']))
    entry = Entry(asked)
    entry.enter()
    manage = asked.get('manage') or os.path.join(entry.directory, 'manage.py')
    sys.argv = [manage] + asked['argv']
    runpy.run_path(manage, run_name='__main__')


def keep_from_children(names):
    """Leave the variables in os.environ, and out of what is given on to a program that is started."""
    for name in names:
        # Of what C gives on, os.environ is a copy.
        os.unsetenv(name)
    start = subprocess.Popen.__init__

    def start_without(self, *args, **kwargs):
        env = kwargs.get('env')
        if env is not None:
            kwargs['env'] = {name: value for name, value in env.items() if name not in names}
        start(self, *args, **kwargs)

    subprocess.Popen.__init__ = start_without


if __name__ == '__main__':
    run(request.read())
