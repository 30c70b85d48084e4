"""Applies migrations: one at a time in the world, giving up a table lock rather than standing in everybody's way, and saying what failed."""
import contextlib
import time

from .. import aliases
from ..redaction import redact_text
from . import JobFailed, failed_migration, migration_lock

LOCK_TIMEOUT = '3s'
RETRIES = 6
WAIT_SECONDS = 120


def run(job, tell):
    """{"applied": [{"app", "name", "database", "seconds"}], "lock": {alias: how}}.

    `job` may name a `database`, an `app` and a `name` to migrate to, `fake`, `fake_initial`, `lock_timeout` (PostgreSQL's words, '' for none), `retries` and `wait` (seconds
    for another migration). Raises JobFailed with `migration`, `database`, `operation`, `sql`, `exception`, `atomic` and what was `applied` before.
    """
    from django.db import connections

    names = [job['database']] if job.get('database') else aliases.migrated()
    applied, locks = [], {}
    for alias in names:
        with migration_lock.held(connections[alias], float(job.get('wait', WAIT_SECONDS)), tell) as lock:
            locks[alias] = lock
            _Database(alias, job, tell, applied).migrate()
    return {'applied': applied, 'lock': locks}


class _Database:
    """Migrating one database."""

    def __init__(self, alias, job, tell, applied):
        self._alias = alias
        self._job = job
        self._tell = tell
        self._applied = applied
        self._current = None
        self._since = 0.0

    def migrate(self):
        """Migrate, again after a lock timeout as long as nothing half done is left. Raises JobFailed."""
        retries = int(self._job.get('retries', RETRIES))
        for attempt in range(retries + 1):
            try:
                self._current = None
                with _lock_timeout(self._alias, self._timeout()):
                    self._command()
                return
            except Exception as error:
                if attempt < retries and _is_lock_timeout(error) and self._is_atomic():
                    seconds = min(2**attempt, 15)
                    self._tell(database=self._alias, migration=self._name(), retry=attempt + 1, seconds=seconds, reason='a table is in use')
                    time.sleep(seconds)
                    continue
                raise self._failure(error) from error

    def _command(self):
        from django.core.management import call_command, get_commands, load_command_class

        command = load_command_class(get_commands()['migrate'], 'migrate')
        inherited = getattr(command, 'migration_progress_callback', None)

        def progress(action, migration=None, fake=False):
            self._progress(action, migration)
            if inherited:
                inherited(action, migration, fake)

        command.migration_progress_callback = progress
        target = [part for part in (self._job.get('app'), self._job.get('name')) if part]
        # Apps without migrations have tables all the same.
        options = {} if target else {'run_syncdb': True}
        if self._job.get('fake_initial'):
            options['fake_initial'] = True
        call_command(command, *target, database=self._alias, interactive=False, verbosity=1, fake=bool(self._job.get('fake')), no_color=True, **options)

    def _progress(self, action, migration):
        if action in ('apply_start', 'unapply_start'):
            self._current = migration
            self._since = time.monotonic()
            if not migration.atomic:
                _set_lock_timeout(self._alias, '0')
            self._tell(database=self._alias, app=migration.app_label, name=migration.name, state='started')
        elif action in ('apply_success', 'unapply_success'):
            seconds = round(time.monotonic() - self._since, 3)
            done = {'app': migration.app_label, 'name': migration.name, 'database': self._alias, 'seconds': seconds}
            self._applied.append(done)
            if not migration.atomic:
                _set_lock_timeout(self._alias, self._timeout())
            self._tell(state='applied', **done)
            self._current = None

    def _timeout(self):
        return self._job.get('lock_timeout', LOCK_TIMEOUT)

    def _name(self):
        return '%s.%s' % (self._current.app_label, self._current.name) if self._current else None

    def _is_atomic(self):
        from django.db import connections

        return connections[self._alias].features.can_rollback_ddl and (self._current is None or bool(self._current.atomic))

    def _failure(self, error):
        fields = failed_migration.told(error)
        fields.update(database=self._alias, migration=self._name(), atomic=self._is_atomic(), applied=self._applied)
        fields['exception'] = redact_text('%s: %s' % (type(error).__name__, str(error).strip()))
        where = 'migration %s of database %s' % (self._name(), self._alias) if self._current else 'migrating database %s' % self._alias
        return JobFailed('%s failed: %s' % (where, fields['exception']), **fields)


@contextlib.contextmanager
def _lock_timeout(alias, timeout):
    """On PostgreSQL, waiting for a table's lock ends after `timeout`: whoever waits holds up all who come after. Other databases are left as they are."""
    from django.db import connections
    from django.db.backends.signals import connection_created

    connection = connections[alias]
    if connection.vendor != 'postgresql' or not timeout:
        yield
        return

    def created(sender, connection, **kwargs):
        if connection.alias == alias:
            _set_lock_timeout(alias, timeout)

    # A migration may close the connection; the next one must wait no longer.
    connection_created.connect(created, weak=False)
    try:
        _set_lock_timeout(alias, timeout)
        yield
    finally:
        connection_created.disconnect(created)


def _set_lock_timeout(alias, timeout):
    # CREATE INDEX CONCURRENTLY, in migrations that are not atomic, waits for others by design: those get none ('0').
    from django.db import connections

    connection = connections[alias]
    if connection.vendor == 'postgresql' and timeout:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [timeout])


def _is_lock_timeout(error):
    link = error
    while link is not None:
        if getattr(link, 'sqlstate', None) == '55P03' or getattr(link, 'pgcode', None) == '55P03':
            return True
        link = link.__cause__
    return False
