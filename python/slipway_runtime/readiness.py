"""Whether this process can serve: its database answers, no migration is unapplied, a shared cache answers."""
import threading
import uuid

from . import aliases
from .redaction import redact_text

SECONDS = 5


class Readiness:
    """Runs the checks in a thread, so that a database that hangs costs a request some seconds and not for ever; callers share one run."""

    def __init__(self, seconds=SECONDS):
        self._seconds = seconds
        self._lock = threading.Lock()
        self._run = None
        self._migrated = False

    def checks(self):
        """{"import", "database", "migrations", "cache"}: each 'ok' or what is wrong, in a line. Never raises."""
        try:
            with self._lock:
                if self._run is None or self._run.finished.is_set():
                    self._run = _Run(self)
                    self._run.start()
                run = self._run
            run.finished.wait(self._seconds)
            return run.results(self._seconds)
        except Exception as error:  # no thread to be had
            return {'import': 'ok', 'database': brief(error), 'migrations': 'not checked', 'cache': 'not checked'}

    def migrations(self):
        """As a check; once nothing is unapplied it is not asked again: this process's code does not change."""
        if not self._migrated:
            unapplied = _unapplied()
            if unapplied:
                return '%d unapplied: %s' % (len(unapplied), ', '.join(unapplied[:3]))
            self._migrated = True
        return 'ok'


class _Run(threading.Thread):
    def __init__(self, readiness):
        super().__init__(name='slipway-readiness', daemon=True)
        self.finished = threading.Event()
        self._results = {}
        self._checks = (('import', _import), ('database', _database), ('migrations', readiness.migrations), ('cache', _cache))

    def run(self):
        for name, check in self._checks:
            try:
                self._results[name] = check()
            except BaseException as error:
                self._results[name] = brief(error)
        self.finished.set()
        _close()

    def results(self, seconds):
        late = 'no answer in %d s' % seconds
        return {name: self._results.get(name, late) for name, check in self._checks}


def brief(error):
    """An exception as one short line without passwords."""
    return redact_text('%s: %s' % (type(error).__name__, ' '.join(str(error).split())))[:200]


def _import():
    from django.apps import apps

    if not apps.ready:  # an ASGI application beside Django that has not needed it yet
        import django

        django.setup()
    return 'ok'


def _database():
    from django.db import connections

    broken = []
    for alias in aliases.configured():
        try:
            connection = connections[alias]
            connection.ensure_connection()
            if not connection.is_usable():
                broken.append('%s: no answer' % alias)
        except Exception as error:
            broken.append('%s: %s' % (alias, brief(error)))
    return '; '.join(broken) or 'ok'


def _unapplied():
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    names = []
    for alias in aliases.migrated():
        executor = MigrationExecutor(connections[alias])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        names.extend('%s.%s' % (migration.app_label, migration.name) for migration, backwards in plan)
    return names


def _cache():
    from django.conf import settings
    from django.core.cache import caches

    for alias in settings.CACHES:
        cache = caches[alias]
        if any(kind.__name__ in _PRIVATE for kind in type(cache).__mro__):
            continue
        key, value = 'slipway-health-%s' % uuid.uuid4().hex, uuid.uuid4().hex
        cache.set(key, value, 30)
        got = cache.get(key)
        cache.delete(key)
        if got != value:
            return '%s: what was stored did not come back' % alias
    return 'ok'


# Caches of one process or machine, whose failing would say nothing.
_PRIVATE = ('LocMemCache', 'DummyCache', 'FileBasedCache')


def _close():
    try:
        from django.db import connections

        for alias in connections:
            connections[alias].close()
    except Exception:  # nothing depends on it: the thread's connections end with it
        pass
