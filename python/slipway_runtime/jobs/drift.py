"""What `makemigrations --check` would find, without asking any database."""
from ..probing import migration_facts
from ..probing.ground import Ground
from . import plan


def run(job, tell):
    """{"conflicts": [{"app", "names"}], "missing": [{"app", "own", "operations", "kinds"}], "without": [label]}. Raises what loading the migrations raises."""
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None, ignore_no_migrations=True)
    conflicts = plan.conflicts(loader)
    ground = Ground(job['root_of_project'])
    without = migration_facts.without(loader, ground)
    missing = [] if conflicts else [change for change in plan.missing(loader, ground) if change['app'] not in without]
    return {'conflicts': conflicts, 'missing': missing, 'without': without}
