"""Entering a project as `python manage.py …` does: its directory, its path, its settings module."""
import os
import runpy
import sys

SETTINGS = 'DJANGO_SETTINGS_MODULE'
CONFIGURATION = 'DJANGO_CONFIGURATION'


class _Reached(BaseException):
    """manage.py came to the point where Django would take over. Not an Exception, so that no `except` of the project's catches it."""


class Entry:
    """What was asked for: `directory` (absolute, that of manage.py), `manage` (its path or None), `settings`, `configuration`."""

    def __init__(self, request):
        self.root = os.path.realpath(request['root'])
        self.directory = os.path.abspath(request['directory'])
        self.manage = request.get('manage')
        self.settings = request.get('settings')
        self.configuration = request.get('configuration')

    def enter(self, command='check'):
        """Change to the project's directory, put it first on sys.path, and let argv look like `manage.py <command>`."""
        os.chdir(self.directory)
        here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        started = sys.path[0] if sys.path else ''
        # `python -m` put the directory it was started in first; manage.py would find its own there.
        if started != here and os.path.realpath(started or '.') != os.path.realpath(self.directory):
            del sys.path[0]
        if self.directory not in sys.path[:1]:
            sys.path.insert(0, self.directory)
        sys.argv = [self.manage or 'manage.py', command]

    def choose_settings(self):
        """Run manage.py up to Django, so that it names the settings module and changes sys.path as it always does. What was asked for wins.

        Raises what manage.py raises, unless the settings module is known all the same.
        """
        self._ask_for(os.environ.setdefault)
        if self.manage:
            try:
                run_manage(self.manage)
            except BaseException:
                if not (self.settings or os.environ.get(SETTINGS)):
                    raise
        self._ask_for(os.environ.__setitem__)
        if os.environ.get(CONFIGURATION):
            from .application import prepare

            prepare()

    def _ask_for(self, store):
        if self.settings:
            store(SETTINGS, self.settings)
        if self.configuration:
            store(CONFIGURATION, self.configuration)


def run_manage(path):
    """Run manage.py as a program, stopping where Django takes over. Raises ImportError without Django, and what it raises itself."""
    from django.core import management

    def reached(*args, **kwargs):
        raise _Reached()

    kept = management.execute_from_command_line, management.ManagementUtility.execute
    management.execute_from_command_line = management.ManagementUtility.execute = reached
    try:
        runpy.run_path(path, run_name='__main__')
    except _Reached:
        pass
    finally:
        management.execute_from_command_line, management.ManagementUtility.execute = kept
