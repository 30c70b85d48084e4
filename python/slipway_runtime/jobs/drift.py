"""What `makemigrations --check` would find, without asking any database."""
from ..probing.ground import Ground
from . import plan


def run(job, tell):
    """{"conflicts": [{"app", "names"}], "missing": [{"app", "own", "operations", "kinds"}]}. Raises what loading the migrations raises."""
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None, ignore_no_migrations=True)
    conflicts = plan.conflicts(loader)
    return {'conflicts': conflicts, 'missing': [] if conflicts else plan.missing(loader, Ground(job['root_of_project']))}
