"""Hashed names for static files, in projects that were never tried with them."""
import logging

from django.conf import settings
from django.contrib.staticfiles import finders, storage
from django.core.files.storage import FileSystemStorage

# What files refer to and the project lacks, as collectstatic met it: told, and left as it is written.
missing_references = set()

_logger = logging.getLogger('slipway.staticfiles')


class ManifestStaticFilesStorage(storage.ManifestStaticFilesStorage):
    """Django's, except that a template naming a file that does not exist gets its plain address, as without hashed names.

    So it is with a stylesheet: a picture or a source map it names that is not there keeps its plain name, instead of all files losing theirs.
    `manifest_strict = False` alone still raises ValueError for such a file, and one missing picture would be a page with status 500.
    """

    manifest_strict = False
    _missing = frozenset()

    def stored_name(self, name):
        try:
            return super().stored_name(name)
        except ValueError as error:
            if name not in self._missing:
                self._missing = self._missing | {name}
                _logger.debug('%s', error)
            return name

    def _stored_name(self, name, hashed_files):
        try:
            return super()._stored_name(name, hashed_files)
        except ValueError:
            missing_references.add(name)
            return name


class ShippedFinder(finders.FileSystemFinder):
    """Finds what lies in ``SLIPWAY_SHIPPED_STATIC``: the STATIC_ROOT of a project that is served as it is."""

    def __init__(self, *args, **kwargs):
        root = settings.SLIPWAY_SHIPPED_STATIC
        self.locations = [('', root)]
        self.storages = {root: FileSystemStorage(location=root)}
        self.storages[root].prefix = ''

    def check(self, **kwargs):
        """Nothing: STATICFILES_DIRS is not its business."""
        return []
