"""Asks the project's own Django what it is: ``python -m slipway_runtime.probe``.

A request as JSON on standard input, ``{"root", "directory", "manage", "settings", "configuration", "environment", "want"}``; the answer is the last line of standard
output, ``@@SLIPWAY@@`` and then ``{"ok": true, "facts": Facts}`` or ``{"ok": false, "error": ProbeError}`` (src/core/facts.ts). Writes nothing in the
project, and tells no secret.
"""
import os
import platform
import sys

from . import request
from .answers import Answers, leave
from .entry import Entry
from .probing import missing_variable
from .probing.environment_reads import EnvironmentReads
from .probing.errors import Errors
from .probing.ground import Ground
from .probing.source_files import SourceFiles
from .probing.traces import Traces
from .probing.watchdog import Watchdog
from .redaction import Secrets, redact_source

SECONDS = 60
WANTS = ('settings', 'apps', 'urls', 'celery', 'commands', 'migrations')


class Probe:
    """One project asked once."""

    def __init__(self, request):
        self.entry = Entry(request)
        self.wants = set(request.get('want') or WANTS)
        self.ground = Ground(self.entry.root)
        self.reads = EnvironmentReads(self.ground)
        self.files = SourceFiles(self.ground)
        self.traces = Traces(self.ground)
        self.errors = Errors(self.ground, self.reads)
        self.secrets = Secrets()
        self.problems = []

    def answer(self):
        """The whole answer. Raises nothing of the project's."""
        self.reads.start()
        self.files.start()
        self.traces.start()
        known = list(sys.path)
        try:
            self.entry.enter()
            self.entry.choose_settings()
            settings = _loaded()
        except BaseException as error:
            return {'ok': False, 'error': self.secrets.strike(self.errors.describe(error))}
        return {'ok': True, 'facts': self.facts(settings, known)}

    def facts(self, settings, known):
        """Facts, of settings that are loaded; `known` is the sys.path that was there before the project's."""
        import django

        from .probing.setting_facts import SettingFacts

        files = self.files.stop()
        told = SettingFacts(settings, self.secrets)
        facts = {
            'python': platform.python_version(),
            'django': django.get_version(),
            'settingsModule': os.environ['DJANGO_SETTINGS_MODULE'],
            'sysPath': [path for path in sys.path if path not in known or path == self.entry.directory],
            'secretKey': told.secret_key(),
            'databases': told.databases(),
            'caches': told.caches(),
            'middleware': [str(name) for name in told.get('MIDDLEWARE') or told.get('MIDDLEWARE_CLASSES') or ()],
            'settingsFiles': files,
            'settings': told.settings() if 'settings' in self.wants else {},
        }
        if os.environ.get('DJANGO_CONFIGURATION'):
            facts['configuration'] = os.environ['DJANGO_CONFIGURATION']
        self.guarded(django.setup)
        facts.update(self.beyond(told))
        # Last, since what follows the settings asks for variables too.
        facts['variables'] = self.reads.variables()
        facts['settings'] = self.secrets.strike(facts['settings'])
        facts['problems'] = self.secrets.strike(self.problems)
        return facts

    def beyond(self, told):
        """What needs more than the settings: each part on its own, so that one that fails costs only itself."""
        from .probing import celery_facts, migration_facts, url_facts

        facts = {'apps': self.apps(told), 'commands': [], 'urls': None, 'migrations': None}
        if 'urls' in self.wants and told.get('ROOT_URLCONF'):
            facts['urls'] = self.guarded(url_facts.facts)
        if facts['urls'] and told.get('ASGI_APPLICATION'):
            facts['urls']['websocketRoutes'] = self.guarded(url_facts.websocket_routes, told.get('ASGI_APPLICATION')) or []
        if 'celery' in self.wants:
            celery = self.guarded(celery_facts.facts, os.environ['DJANGO_SETTINGS_MODULE'], self.ground, self.problem)
            if celery:
                facts['celery'] = celery
        if 'commands' in self.wants:
            facts['commands'] = self.guarded(_commands) or []
        if 'migrations' in self.wants:
            facts['migrations'] = self.guarded(migration_facts.facts, self.ground)
        return facts

    def apps(self, told):
        """Facts.apps; from the bare setting where the registry could not be filled."""
        from django.apps import apps

        if apps.apps_ready:
            return [{'name': app.name, 'label': app.label, 'path': app.path} for app in apps.get_app_configs()]
        names = [str(name) for name in told.get('INSTALLED_APPS') or ()]
        return [{'name': name, 'label': name.rpartition('.')[2], 'path': ''} for name in names]

    def guarded(self, ask, *arguments):
        """What ``ask(*arguments)`` returns, or None and one problem more."""
        try:
            return ask(*arguments)
        except BaseException as error:
            self.problem(error)
            return None

    def problem(self, error):
        """Note why something after the settings did not work; the same reason once."""
        described = self.errors.describe(error)
        if described not in self.problems:
            self.problems.append(described)

    def stuck(self, seconds, places):
        """The answer for a project that did not finish, with where it hangs."""
        own = [place for place in places if self.ground.owns(place[0])]
        frames = [
            {
                'file': self.ground.name(file),
                'line': line,
                'function': function,
                'text': redact_source(missing_variable.source_line(file, line).strip()),
            }
            for file, line, function in own
        ]
        deepest = '%s:%d, in %s' % places[-1] if places else 'unknown'
        message = 'the project was not loaded after %d s; it hangs in %s' % (seconds, deepest)
        return {'ok': False, 'error': {'kind': 'exception', 'name': 'timeout', 'message': message, 'frames': frames}}


def _loaded():
    from django.conf import settings

    if not os.environ.get('DJANGO_SETTINGS_MODULE'):
        raise RuntimeError('nothing names the settings module: manage.py set no DJANGO_SETTINGS_MODULE, and none was given')
    settings.INSTALLED_APPS
    return settings


def _commands():
    from django.core.management import get_commands

    return sorted(get_commands())


def main():
    """Read the request, answer, end the process."""
    answers = Answers()
    probe = Probe(request.read())
    seconds = float(os.environ.get('SLIPWAY_PROBE_SECONDS') or SECONDS)

    def bark(places):
        probe.traces.undo()
        answers.send(probe.stuck(seconds, places))
        leave()

    watchdog = Watchdog(seconds, bark)
    answer = probe.answer()
    watchdog.stop()
    probe.traces.undo()
    answers.send(answer)
    leave()


if __name__ == '__main__':
    main()
