"""What `migrate` would do."""
import re

from .. import aliases
from . import operations
from ..probing.ground import Ground


def run(job, tell):
    """{"migrations": […], "conflicts": [{"app", "names"}], "missing": [{"app", "own", "operations", "kinds"}], "stop": bool}.

    `job` may have "refuse", kinds of operations: where the project's own models lack one of these, or migrations conflict, no job comes after this one.

    Reads the databases and changes nothing, not even the table of applied migrations. Raises what connecting raises.
    """
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    told, conflicting, absent = [], [], []
    for alias in aliases.migrated():
        executor = MigrationExecutor(connections[alias])
        if not conflicting:
            conflicting = conflicts(executor.loader)
        if alias == 'default' and not conflicting:
            absent = missing(executor.loader, Ground(job['root_of_project']))
        if not conflicting:
            executor.loader.check_consistent_history(connections[alias])
            plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
            told += [_migration(migration, alias) for migration, backwards in plan]
    return {'migrations': told, 'conflicts': conflicting, 'missing': absent, 'stop': 'refuse' in job and _refused(set(job['refuse']), conflicting, absent)}


def _refused(kinds, conflicting, absent):
    return bool(conflicting) or any(change['own'] and kinds.intersection(change['kinds']) for change in absent)


def _migration(migration, alias):
    return {
        'app': migration.app_label,
        'name': migration.name,
        'database': alias,
        'operations': [type(operation).__name__ for operation in migration.operations],
        'reversible': all(operation.reversible for operation in migration.operations),
        'destructive': any(operations.is_destructive(operation) for operation in migration.operations),
        'atomic': bool(migration.atomic),
    }


def conflicts(loader):
    """Apps in which two migrations follow the same one."""
    return [{'app': app, 'names': sorted(names)} for app, names in sorted(loader.detect_conflicts().items())]


def missing(loader, ground):
    """Changes of models that no migration makes; `own`: of an app below `ground`."""
    from django.apps import apps
    from django.db.migrations.questioner import MigrationQuestioner
    from django.db.migrations.state import ProjectState
    from django.utils import translation

    # The bare questioner answers everything with its default; the non-interactive one ends the process where a person would have to decide.
    questioner = MigrationQuestioner(specified_apps=set(), dry_run=True)
    # As makemigrations does: names are written down untranslated, and in another language every one of them would differ.
    with translation.override(None):
        detector = _autodetector()(loader.project_state(), ProjectState.from_apps(apps), questioner)
        return _told(detector.changes(graph=loader.graph), ground)


def _told(changes, ground):
    from django.apps import apps

    return [
        {
            'app': app,
            'own': ground.owns(getattr(apps.get_app_config(app).module, '__file__', None) or ''),
            'operations': [_described(operation) for migration in migrations for operation in migration.operations],
            'kinds': [_kind(app, operation) for migration in migrations for operation in migration.operations],
        }
        for app, migrations in sorted(changes.items())
    ]


def _kind(app, operation):
    # A table that the project does not look after (`managed = False`) is not made or changed by any migration.
    from django.apps import apps

    name = getattr(operation, 'model_name', None) or getattr(operation, 'name', None)
    try:
        managed = apps.get_model(app, name)._meta.managed
    except (LookupError, TypeError, ValueError):
        managed = True
    return type(operation).__name__ if managed else 'Unmanaged'


def _autodetector():
    # Since 5.2 a project's own command may name another.
    try:
        from django.core.management import get_commands, load_command_class

        command = load_command_class(get_commands()['makemigrations'], 'makemigrations')
        if getattr(command, 'autodetector', None):
            return command.autodetector
    except Exception:
        pass
    from django.db.migrations.autodetector import MigrationAutodetector

    return MigrationAutodetector


def _described(operation):
    return re.sub(r'\s+', ' ', str(operation.describe()))
