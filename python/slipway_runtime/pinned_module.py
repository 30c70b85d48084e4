"""Running a module's code while its pins hold."""
import builtins
import importlib._bootstrap_external
import sys
import types
from collections.abc import MutableMapping

_CO_OPTIMIZED = 0x1  # inspect.CO_OPTIMIZED; inspect is slow to import


class PinnedNamespace(MutableMapping):
    """The local namespace a settings module's code runs in: its module's dict, except that held names cannot be stored or deleted.

    Not a dict: `exec` then sends every store (assignment, star import, ``locals().update()``) through ``__setitem__``.
    """

    def __init__(self, namespace, pins):
        self.namespace = namespace
        self.pins = pins

    def __getitem__(self, name):
        return self.namespace[name]

    def __setitem__(self, name, value):
        if name in self.pins.holds:
            self.pins.note(name, value)
            value = self.pins.value_while_running(name)
        self.namespace[name] = value

    def __delitem__(self, name):
        if name not in self.pins.holds:
            del self.namespace[name]

    def __iter__(self):
        return iter(self.namespace)

    def __len__(self):
        return len(self.namespace)

    def __contains__(self, name):
        return name in self.namespace


def guarded(kind, pins):
    """A subclass of module type `kind` whose instances keep held names: class-based settings set attributes on the module after it ran."""

    class PinnedModule(kind):
        def __setattr__(self, name, value):
            if name in pins.holds:
                pins.note(name, value)
                value = pins.value(name)
            super().__setattr__(name, value)

    PinnedModule.__name__ = kind.__name__
    PinnedModule.__qualname__ = kind.__qualname__
    PinnedModule.__module__ = kind.__module__
    return PinnedModule


class Runner:
    """Executes modules under their pins, and knows which are running."""

    def __init__(self, pins):
        self.pins = pins
        self._running = {}
        self._exec = None
        self._module_types = {}

    def is_running(self, module):
        """True while the code of `module` has not come to its end."""
        return id(module.__dict__) in self._running

    def run(self, code, module):
        """Execute `code` as that of `module`; whatever it raises goes through."""
        namespace = module.__dict__
        self.guard(module)
        for name in self.pins.holds:
            namespace[name] = self.pins.value_while_running(name)
        pinned = PinnedNamespace(namespace, self.pins)
        self._enter(namespace, pinned)
        try:
            exec(code, namespace, pinned)
        finally:
            self._leave(namespace)
        self.settle(module)
        if module.__name__ == self.pins.settings_module:
            self.adjust(module)

    def guard(self, module):
        """Make the held names of `module` withstand setattr."""
        kind = type(module)
        if not issubclass(kind, types.ModuleType) or kind in self._module_types.values():
            return
        if kind not in self._module_types:
            self._module_types[kind] = guarded(kind, self.pins)
        try:
            module.__class__ = self._module_types[kind]
        except TypeError:  # a module type with a layout of its own: django.conf.settings is still held
            pass

    def settle(self, module):
        """Store the held values once more, as plain fresh copies: lists and dicts were changed in place, or stored past the namespace."""
        namespace = module.__dict__
        for name in self.pins.holds:
            if name in namespace:
                self.pins.note(name, namespace[name])
        self.pins.hold(namespace.__setitem__)

    def adjust(self, module):
        """Apply what is not held but merged, extended or defaulted."""
        self.pins.adjust(module.__dict__.get, module.__dict__.__setitem__)

    def _enter(self, namespace, pinned):
        if not self._running:
            self._exec = builtins.exec
            # The import system's own, so that imports made by settings keep their short tracebacks.
            importlib._bootstrap_external.exec = builtins.exec
            builtins.exec = self._pinned_exec
        self._running[id(namespace)] = pinned

    def _leave(self, namespace):
        del self._running[id(namespace)]
        if not self._running:
            builtins.exec = self._exec

    def _pinned_exec(self, source, globals=None, locals=None, *args, **kwargs):
        # Settings that run other files in their own namespace: `exec(open(…).read(), globals())`, django-split-settings' include().
        if globals is None:
            frame = sys._getframe(1)
            globals = frame.f_globals
            if locals is None:
                locals = frame.f_locals
                # A function's is a snapshot for exec() since 3.13 (PEP 667), not the live view of frame.f_locals.
                if sys.version_info >= (3, 13) and frame.f_code.co_flags & _CO_OPTIMIZED:
                    locals = dict(locals)
        if isinstance(globals, PinnedNamespace):
            globals = globals.namespace
        if locals is None or locals is globals:
            locals = self._running.get(id(globals), globals)
        return self._exec(source, globals, locals, *args, **kwargs)
