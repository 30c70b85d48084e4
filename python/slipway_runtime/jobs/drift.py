"""What `makemigrations --check` would find, without asking any database."""
from ..probing.ground import Ground
from . import plan


def run(job, tell):
    """{"conflicts": [{"app", "names"}], "missing": [{"app", "own", "operations", "kinds"}], "without": [label]}. Raises what loading the migrations raises."""
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None, ignore_no_migrations=True)
    conflicts = plan.conflicts(loader)
    ground = Ground(job['root_of_project'])
    return {'conflicts': conflicts, 'missing': [] if conflicts else plan.missing(loader, ground), 'without': _without(loader, ground)}


def _without(loader, ground):
    # A project that turns an app's migrations off in MIGRATION_MODULES means it.
    from django.apps import apps
    from django.conf import settings

    off = settings.MIGRATION_MODULES
    return [
        app.label
        for app in apps.get_app_configs()
        if app.label in loader.unmigrated_apps and app.label not in off and ground.owns(getattr(app.module, '__file__', None) or '') and _has_tables(app)
    ]


def _has_tables(app):
    return any(model._meta.managed and not model._meta.proxy and not model._meta.swapped for model in app.get_models())
