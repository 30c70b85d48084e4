"""Collects static files, under hashed names where the project's own files allow it."""
import contextlib
import os
import shutil
import tempfile
import time

from . import JobFailed, empty_database, packages


def run(job, tell):
    """{"storage": "manifest"|"project"|"plain", "backend", "root", "files", "bytes", "seconds", "fallback": reason or null, "missing": references}, or
    {"skipped": reason}.

    `job["root"]` is where to (default: the project's STATIC_ROOT); `files` and `bytes` are what was collected now. `job["manifest"]`: "try" hashes the names
    where the project does not itself, in a folder beside the root first; "keep" leaves the project's storage as it is. Files already in the root stay.
    Raises JobFailed.
    """
    from django.apps import apps
    from django.conf import settings

    if not apps.is_installed('django.contrib.staticfiles'):
        return {'skipped': 'django.contrib.staticfiles is not installed'}
    root = job.get('root') or (str(settings.STATIC_ROOT) if settings.STATIC_ROOT else None)
    if not root:
        return {'skipped': 'the project sets no STATIC_ROOT'}
    since = time.monotonic()
    try_manifest = job.get('manifest', 'try') == 'try'
    collecting = _Collecting(os.path.abspath(root), settings)
    try:
        done = collecting.collect(try_manifest, tell)
    except JobFailed as error:
        if not empty_database.is_wanted(error):
            raise
        # A release's static files are collected before its database is there.
        tell(message='collecting static files asks the database (%s): an empty one answers' % _reason(error.__cause__))
        with empty_database.instead():
            done = collecting.collect(try_manifest, tell)
    return dict(done, root=root, seconds=round(time.monotonic() - since, 3))


class _Collecting:
    def __init__(self, root, settings):
        self._root = root
        self._settings = settings
        self._size = {'files': 0, 'bytes': 0}

    def collect(self, try_manifest, tell):
        own = self._own_class()
        fallback = None
        if try_manifest and self._is_plain(own):
            from ..staticfiles import ManifestStaticFilesStorage

            try:
                return self._done('manifest', self._beside(ManifestStaticFilesStorage), None)
            except Exception as error:
                fallback = _reason(error)
                tell(fallback=fallback)
        try:
            return self._done('manifest' if self._is_ours(own) else 'project', self._beside(own), fallback)
        except Exception as error:
            if fallback or not self._is_local(own):
                raise JobFailed('static files could not be collected: %s' % _reason(error)) from error
            fallback = _reason(error)
            forgiving = self._forgiving(own) if try_manifest else None
            if forgiving:
                return forgiving
            tell(fallback=fallback)
        return self._plain(fallback)

    def _forgiving(self, own):
        """The names that the project's own storage would give, where all that it minds is a reference to a file that is not there. None where it minds more."""
        from django.contrib.staticfiles.storage import ManifestFilesMixin

        from ..staticfiles import ManifestStaticFilesStorage

        if not issubclass(own, ManifestFilesMixin):
            return None
        try:
            return self._done('manifest', self._beside(ManifestStaticFilesStorage), None)
        except Exception:  # told already, in the words of the project's own
            return None

    def _plain(self, fallback):
        from django.contrib.staticfiles.storage import StaticFilesStorage

        try:
            return self._done('plain', self._beside(StaticFilesStorage), fallback)
        except Exception as error:
            raise JobFailed('static files could not be collected: %s' % _reason(error)) from error

    def _done(self, storage, kind, fallback):
        from ..staticfiles import missing_references

        backend = '%s.%s' % (kind.__module__, kind.__name__)
        return dict(self._size, storage=storage, backend=backend, fallback=fallback, missing=sorted(missing_references)[:20])

    def _beside(self, kind):
        """Collect with storage class `kind` into a folder beside the root, and move it in when all went well. Returns `kind`; raises what collecting raises."""
        if not self._is_local(kind):
            _collect(self._own_storage())
            return kind
        os.makedirs(self._root, exist_ok=True)
        scratch = tempfile.mkdtemp(prefix='.collecting-', dir=os.path.dirname(self._root))
        try:
            os.chmod(scratch, 0o755)
            _collect(self._made(kind, scratch))
            self._size = _measure(scratch)
            _move(scratch, self._root)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        return kind

    def _made(self, kind, location):
        options = dict(self._options(), location=location) if kind is self._own_class() else {'location': location}
        try:
            return kind(**options)
        except TypeError:  # a storage of the project's own that chooses its place itself
            storage = kind()
            vars(storage).update(_location=location, base_location=location, location=location)
            return storage

    def _options(self):
        storages = getattr(self._settings, 'STORAGES', None) or {}
        return dict((storages.get('staticfiles') or {}).get('OPTIONS') or {})

    def _own_storage(self):
        from django.contrib.staticfiles.storage import staticfiles_storage

        staticfiles_storage.exists('')  # a lazy object: this makes it
        return staticfiles_storage._wrapped

    def _own_class(self):
        return type(self._own_storage())

    @staticmethod
    def _is_local(kind):
        from django.contrib.staticfiles.storage import StaticFilesStorage

        return issubclass(kind, StaticFilesStorage)

    @staticmethod
    def _is_ours(kind):
        from ..staticfiles import ManifestStaticFilesStorage

        return kind is ManifestStaticFilesStorage

    @staticmethod
    def _is_plain(kind):
        from django.contrib.staticfiles.storage import StaticFilesStorage

        return kind is StaticFilesStorage


def _collect(storage):
    from django.contrib.staticfiles import storage as module
    from django.core.management import call_command

    lazy = module.staticfiles_storage
    kept = lazy._wrapped
    lazy._wrapped = storage
    try:
        with _without_unused_packages():
            call_command('collectstatic', interactive=False, verbosity=0)
    finally:
        lazy._wrapped = kept


@contextlib.contextmanager
def _without_unused_packages():
    from django.contrib.staticfiles.finders import FileSystemFinder

    listed = FileSystemFinder.list

    def list_(finder, ignore_patterns):
        left_out = {}
        for path, source in listed(finder, ignore_patterns):
            folder = str(getattr(source, 'location', ''))
            if os.path.basename(folder) == 'node_modules':
                if folder not in left_out:
                    left_out[folder] = packages.unused(folder)
                if packages.package_of(path) in left_out[folder]:
                    continue
            yield path, source

    FileSystemFinder.list = list_
    try:
        yield
    finally:
        FileSystemFinder.list = listed


def _move(source, target):
    """Every file below `source` into its place below `target`, each at once (rename), the manifest last: no moment has it name what is not there."""
    paths = [os.path.join(folder, name) for folder, _, names in os.walk(source) for name in names]
    for path in sorted(paths, key=lambda path: (os.path.basename(path) == 'staticfiles.json', path)):
        destination = os.path.join(target, os.path.relpath(path, source))
        os.makedirs(os.path.dirname(destination), exist_ok=True)
        os.replace(path, destination)


def _measure(root):
    sizes = [os.path.getsize(os.path.join(folder, name)) for folder, _, names in os.walk(root) for name in names]
    return {'files': len(sizes), 'bytes': sum(sizes)}


def _reason(error):
    text = ' '.join(str(error).split())
    told_plainly = isinstance(error, ValueError) or type(error).__name__ == 'CommandError'
    return text if told_plainly else '%s: %s' % (type(error).__name__, text)
