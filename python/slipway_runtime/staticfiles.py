"""Hashed names for static files, in projects that were never tried with them."""
import logging

from django.contrib.staticfiles import storage

_logger = logging.getLogger('slipway.staticfiles')


class ManifestStaticFilesStorage(storage.ManifestStaticFilesStorage):
    """Django's, except that a template naming a file that does not exist gets its plain address, as without hashed names.

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
                _logger.warning('%s', error)
            return name
