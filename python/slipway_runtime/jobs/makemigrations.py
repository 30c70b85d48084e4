"""Migrations for apps of the project's that bring none, in a folder that outlives releases: the settings name its packages in MIGRATION_MODULES."""
import importlib
import os
import sys

from . import JobFailed

PACKAGE = 'slipway_migrations'


def run(job, tell):
    """{"made": [path relative to the folder]}. Raises JobFailed where a person would have to decide, with `app` labels."""
    from django.core.management import call_command

    folder, labels = job['folder'], list(job['labels'])
    for label in labels:
        _package(folder, label)
    if folder not in sys.path:
        sys.path.append(folder)
    # The folder may be younger than this process.
    importlib.invalidate_caches()
    sys.path_importer_cache.pop(folder, None)
    before = _files(folder)
    try:
        call_command('makemigrations', *labels, interactive=False, verbosity=0)
    except SystemExit:
        raise JobFailed('the change of a model of %s needs a decision: what its rows that are there already get' % ', '.join(labels), apps=labels)
    return {'made': sorted(_files(folder) - before)}


def _package(folder, label):
    path = os.path.join(folder, PACKAGE, label)
    os.makedirs(path, exist_ok=True)
    for place in (os.path.join(folder, PACKAGE), path):
        with open(os.path.join(place, '__init__.py'), 'a'):
            pass


def _files(folder):
    found = set()
    for place, folders, names in os.walk(os.path.join(folder, PACKAGE)):
        found.update(os.path.relpath(os.path.join(place, name), folder) for name in names if name.endswith('.py') and name != '__init__.py')
    return found
