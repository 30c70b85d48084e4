"""Which of the project's databases there are, and which of them its migrations belong in."""

_NO_DATABASE = 'django.db.backends.dummy'


def configured():
    """Aliases of DATABASES that name a real engine, the default one first."""
    from django.db import connections

    names = [alias for alias in connections if connections.databases[alias].get('ENGINE') not in ('', None, _NO_DATABASE)]
    return sorted(names, key=lambda alias: alias != 'default')


def migrated():
    """Aliases to migrate: the default one, and each that a router of the project expressly allows a model in.

    A second database without such a router is somebody else's, or a replica: `manage.py migrate` leaves it alone, and so does this.
    """
    from django.db import connections

    return [
        alias
        for alias in configured()
        if alias == 'default' or (not _is_mirror(connections.databases[alias]) and _is_routed(alias))
    ]


def _is_mirror(database):
    return bool((database.get('TEST') or {}).get('MIRROR'))


def _is_routed(alias):
    from django.apps import apps
    from django.db import router

    asked = [candidate.allow_migrate for candidate in router.routers if hasattr(candidate, 'allow_migrate')]
    for model in apps.get_models():
        for allow_migrate in asked:
            allowed = allow_migrate(alias, model._meta.app_label, model_name=model._meta.model_name, model=model)
            if allowed is not None:
                if allowed:
                    return True
                break
    return False
