"""The import hook: pins the project's settings where they are loaded, so that the settings module stays the project's own."""
import importlib
import importlib.machinery
import os
import sys

from . import pins as pin_file
from .pinned_module import Runner

_SETTINGS_VARIABLE = 'DJANGO_SETTINGS_MODULE'


def install(path):
    """Hold the pins of the file at `path` in this process.

    A file that cannot be read is no reason to break every interpreter of the environment, but Django must not then run unpinned:
    importing ``django.conf`` raises RuntimeError.
    """
    try:
        pins = pin_file.read(path)
    except (OSError, ValueError, KeyError, TypeError) as error:
        sys.meta_path.insert(0, _Refuse('slipway: the pinned settings in %s cannot be read: %s' % (path, error)))
        return
    hook = Hook(pins)
    sys.meta_path.insert(0, hook)
    _also_through_path_finder(hook)


class _Refuse:
    def __init__(self, message):
        self.message = message

    def find_spec(self, name, path=None, target=None):
        if name == 'django.conf':
            raise RuntimeError(self.message)
        return None


class Hook:
    """A meta path finder that lets the others find, and changes how three kinds of module are executed."""

    def __init__(self, pins):
        self.pins = pins
        self.runner = Runner(pins)
        self.wanted = os.environ.get(_SETTINGS_VARIABLE)
        self._after = {'django.conf': self._hold_in_django, 'configurations.base': self._hold_in_configurations}

    def find_spec(self, name, path=None, target=None):
        """The spec as the other finders give it, with a pinned loader where `name` is one of ours."""
        if name not in self._after and not self.pins.covers(name):
            return None
        for finder in list(sys.meta_path):
            find = getattr(finder, 'find_spec', None)
            if finder is self or find is None:
                continue
            spec = find(name, path, target)
            if spec is not None:
                return self.adopt(name, spec)
        return None

    def adopt(self, name, spec):
        """Give `spec` a loader that pins (or that tells us when it is done); the same spec is returned, adopted at most once."""
        loader = spec.loader
        if loader is None or getattr(loader, '_slipway', False) or not hasattr(loader, 'exec_module'):
            return spec
        if name in self._after:
            self._swap(loader, _after_loader(type(loader), self._after[name]))
        elif hasattr(loader, 'get_code') and self._is_the_projects(spec.origin):
            self._swap(loader, _pinned_loader(type(loader), self.runner))
        return spec

    def _swap(self, loader, kind):
        try:
            loader.__class__ = kind
        except TypeError:  # a loader written in C (zipimport before 3.8): django.conf.settings is still held
            pass

    def _is_the_projects(self, origin):
        if not origin:
            return False
        root = os.path.realpath(self.pins.root)
        return not self.pins.root or os.path.realpath(origin).startswith(root.rstrip(os.sep) + os.sep)

    def _hold_in_django(self, conf):
        original = conf.Settings.__init__
        hook = self

        def __init__(self, settings_module):
            settings_module = hook.chosen(settings_module)
            if hook.pins.covers(settings_module):
                hook.complete(importlib.import_module(settings_module))
            original(self, settings_module)
            if hook.pins.covers(settings_module):
                hook.hold_on(self)

        __init__.__doc__ = original.__doc__
        conf.Settings.__init__ = __init__

    def chosen(self, settings_module):
        """The settings module to load: the one this process was started for, though the project's wsgi.py or celery.py assign another.

        `--settings` on the command line is the user's own word.
        """
        ours = self.pins.settings_module
        if self.wanted == ours and not any(arg.startswith('--settings') for arg in sys.argv[1:]):
            return ours
        return settings_module

    def complete(self, module):
        """Make the pins hold in the module once it, and what was stored in it afterwards, is there; a half-run module is left to finish."""
        if not self.runner.is_running(module):
            self.runner.guard(module)
            self.runner.settle(module)
            self.runner.adjust(module)

    def hold_on(self, settings):
        """Make the pins hold on an object with settings as attributes."""

        def store(name, value):
            if getattr(settings, name, None) != value:
                setattr(settings, name, value)
                explicit = getattr(settings, '_explicit_settings', None)
                if explicit is not None:
                    explicit.add(name)

        def read(name, absent):
            explicit = getattr(settings, '_explicit_settings', None)
            if explicit is not None and name not in explicit:
                return absent
            return getattr(settings, name, absent)

        self.pins.hold(store)
        self.pins.adjust(read, store)

    def _hold_in_configurations(self, base):
        # django-configurations: settings are class attributes. A held name holds in the class body too, in the place of a Value.
        pins = self.pins

        class PinnedBody(dict):
            def __setitem__(self, name, value):
                if name in pins.holds:
                    if type_is_plain(value):
                        pins.note(name, value)
                    value = pins.value(name)
                super().__setitem__(name, value)

        def __prepare__(metaclass, name, bases, **kwargs):
            module = sys._getframe(1).f_globals.get('__name__', '')
            return PinnedBody() if pins.covers(module) else {}

        base.ConfigurationBase.__prepare__ = classmethod(__prepare__)


def type_is_plain(value):
    """True for what a setting itself can be; false for descriptors, methods and django-configurations' Values, which make one later."""
    return not hasattr(value, '__get__') and not hasattr(value, 'setup')


def _pinned_loader(kind, runner):
    class PinnedLoader(kind):
        _slipway = True

        def exec_module(self, module):
            code = self.get_code(module.__name__)
            if code is None:
                raise ImportError('%s has no code' % module.__name__, name=module.__name__)
            runner.run(code, module)
            _through_replaced_settings(runner)

    return PinnedLoader


def _after_loader(kind, callback):
    class AfterLoader(kind):
        _slipway = True

        def exec_module(self, module):
            super().exec_module(module)
            callback(module)

    return AfterLoader


def _through_replaced_settings(runner):
    # dynaconf puts an object of its own in the place of django.conf.settings while the module runs.
    conf = sys.modules.get('django.conf')
    settings = getattr(conf, 'settings', None)
    if settings is None or type(settings).__module__.partition('.')[0] in ('django', ''):
        return
    runner.pins.hold(lambda name, value: setattr(settings, name, value))
    runner.pins.adjust(lambda name, absent: getattr(settings, name, absent), lambda name, value: setattr(settings, name, value))


def _also_through_path_finder(hook):
    # Finders put in front of ours afterwards (django-configurations') ask PathFinder, which is why it is taught the same.
    find = importlib.machinery.PathFinder.find_spec.__func__

    def find_spec(cls, fullname, path=None, target=None):
        spec = find(cls, fullname, path, target)
        if spec is not None and (fullname in hook._after or hook.pins.covers(fullname)):
            hook.adopt(fullname, spec)
        return spec

    importlib.machinery.PathFinder.find_spec = classmethod(find_spec)

