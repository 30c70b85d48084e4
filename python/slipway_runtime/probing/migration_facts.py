"""How many migrations the project brings, and which of its apps bring none."""


def facts(ground):
    """Facts.migrations, from the files alone: no database is asked. Raises what importing them raises."""
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None, load=False, ignore_no_migrations=True)
    loader.load_disk()
    return {'apps': len(loader.migrated_apps), 'total': len(loader.disk_migrations), 'without': without(loader, ground)}


def without(loader, ground):
    """Labels of the project's own apps that have tables and no migration: no package of them, or one that is empty."""
    from django.apps import apps
    from django.conf import settings

    # A project that turns an app's migrations off in MIGRATION_MODULES, or keeps them elsewhere, means it.
    moved = settings.MIGRATION_MODULES
    written = {label for label, name in loader.disk_migrations}
    return [
        app.label
        for app in apps.get_app_configs()
        if app.label not in written and app.label not in moved and ground.owns(getattr(app.module, '__file__', None) or '') and _has_tables(app)
    ]


def _has_tables(app):
    return any(model._meta.managed and not model._meta.proxy and not model._meta.swapped for model in app.get_models())
