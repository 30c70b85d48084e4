"""Pins: settings held while the project's settings run. What they are, for which modules, and what they make of a namespace."""
import json

from . import pin_values
from .held_dict import held

_ABSENT = object()


class Pins:
    """The pins of one file. Knows what the project itself stored last, so that a pinned value gets the type of the project's own."""

    def __init__(self, document):
        self.settings_module = document['settings_module']
        self.packages = tuple(document.get('packages') or ())
        self.root = document.get('root') or ''
        pins = document.get('pins') or []
        self.holds = {pin['name']: pin for pin in pins if pin['op'] == 'hold'}
        self.late = [pin for pin in pins if pin['op'] != 'hold']
        self._own = {}
        self._given = {}

    def covers(self, name):
        """True for the settings module and the modules of its settings packages."""
        return name == self.settings_module or any(name == package or name.startswith(package + '.') for package in self.packages)

    def note(self, name, value):
        """Remember `value` as what the project itself stored under the held `name`, unless it is one that came from here."""
        if not any(value is given for given in self._given.get(name, ())):
            self._own[name] = value

    def value(self, name):
        """The held value of `name`, fresh, in the project's own type."""
        pin = self.holds[name]
        value = pin_values.resolve(pin['value'], pin_values.environment())
        if pin.get('type'):
            value = pin_values.as_type(value, pin['type'])
        elif name in self._own:
            value = pin_values.like(value, self._own[name])
        return self._give(name, value)

    def value_while_running(self, name):
        """As `value`, but subscripts that the project's own dict would answer do not fail."""
        return self._give(name, held(self.value(name), self._own.get(name)))

    def hold(self, store):
        """Call ``store(name, value)`` with a fresh value for every held name."""
        for name in self.holds:
            store(name, self.value(name))

    def adjust(self, read, store):
        """Apply `default`, `merge`, `extend` and `prepend`, in their order: ``read(name, absent)`` and ``store(name, value)`` reach the settings.

        Doing it again changes nothing.
        """
        for pin in self.late:
            name = pin['name']
            own = read(name, _ABSENT)
            value = pin_values.resolve(pin['value'], pin_values.environment())
            if pin['op'] == 'default':
                if own is _ABSENT:
                    store(name, pin_values.as_type(value, pin.get('type')))
                continue
            base = _djangos_default(name) if own is _ABSENT else own
            adjusted = _ADJUST[pin['op']](base, value)
            if own is _ABSENT or adjusted != own:
                store(name, adjusted)

    def _give(self, name, value):
        self._given.setdefault(name, []).append(value)
        return value


_ADJUST = {'merge': pin_values.merge, 'extend': pin_values.extend, 'prepend': pin_values.prepend}


def _djangos_default(name):
    # A setting replaces Django's default whole (STORAGES does), so a merge into nothing starts from that default.
    try:
        from django.conf import global_settings
    except ImportError:
        return None
    return getattr(global_settings, name, None)


def read(path):
    """The Pins of the JSON file at `path`. Raises OSError or ValueError."""
    with open(path, encoding='utf-8') as file:
        document = json.load(file)
    if not isinstance(document, dict) or not isinstance(document.get('settings_module'), str):
        raise ValueError('%s does not hold pins' % path)
    return Pins(document)
