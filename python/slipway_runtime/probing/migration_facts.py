"""How many migrations the project brings."""


def facts():
    """Facts.migrations, from the files alone: no database is asked. Raises what importing them raises."""
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None, load=False, ignore_no_migrations=True)
    loader.load_disk()
    return {'apps': len(loader.migrated_apps), 'total': len(loader.disk_migrations)}
