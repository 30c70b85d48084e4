"""The values of pins: pure functions from JSON, and from what the project itself stored, to what the setting shall be."""
import datetime
import os
import pathlib


def resolve(value, environ):
    """A fresh deep copy of JSON `value`, each ``{"env": "NAME"}`` in it replaced by that environment variable.

    Raises LookupError, naming the variable, when it is not set.
    """
    if isinstance(value, dict):
        if len(value) == 1 and isinstance(value.get('env'), str):
            name = value['env']
            if name not in environ:
                raise LookupError('the environment variable %s, which a pinned setting is read from, is not set' % name)
            return environ[name]
        return {key: resolve(item, environ) for key, item in value.items()}
    if isinstance(value, list):
        return [resolve(item, environ) for item in value]
    return value


def type_name(value):
    """The SettingType (src/core/facts.ts) of a Python value."""
    if value is None:
        return 'none'
    for name, kind in _EXACT:
        if isinstance(value, kind):
            return name
    if hasattr(value, '__fspath__'):
        return 'path'
    # Django's lazy strings; named by class so that this works before, and without, Django.
    if any(base.__name__ == 'Promise' for base in type(value).__mro__):
        return 'lazy'
    return 'other'


# bool before int: it is one.
_EXACT = (
    ('bool', bool),
    ('int', int),
    ('float', float),
    ('str', str),
    ('bytes', bytes),
    ('path', pathlib.PurePath),
    ('list', list),
    ('tuple', tuple),
    ('set', set),
    ('frozenset', frozenset),
    ('dict', dict),
    ('timedelta', datetime.timedelta),
)

_SEQUENCES = {'list': list, 'tuple': tuple, 'set': set, 'frozenset': frozenset}


def as_type(value, kind):
    """JSON `value` as the SettingType `kind`; unchanged where the two have nothing to do with each other."""
    if value is None:
        return None
    if kind in _SEQUENCES and isinstance(value, (list, tuple, set, frozenset)):
        return _SEQUENCES[kind](value)
    if kind == 'path' and isinstance(value, str):
        return pathlib.Path(value)
    if kind == 'bytes' and isinstance(value, str):
        return value.encode('utf-8')
    if kind == 'timedelta' and _is_number(value):
        return datetime.timedelta(seconds=value)
    if kind == 'float' and _is_number(value):
        return float(value)
    if kind == 'int' and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def like(value, own):
    """JSON `value` in the type of the project's `own` one: a path stays a path, a tuple a tuple."""
    kind = type_name(own)
    if kind == 'path' and isinstance(value, str) and not isinstance(own, pathlib.PurePath):
        try:
            return type(own)(value)
        except Exception:  # a path class of a library, with a constructor of its own
            return pathlib.Path(value)
    return as_type(value, kind)


def merge(own, pinned):
    """`pinned` deep-merged over dict `own`; a key whose pinned value is None is removed. Neither is changed.

    Over a list or tuple (TEMPLATES) the keys of `pinned` are places in it: ``{"0": {"OPTIONS": …}}``; one that it does not have is left out.
    """
    if isinstance(own, (list, tuple)):
        return type(own)(merge(item, pinned[str(index)]) if str(index) in pinned else item for index, item in enumerate(own))
    merged = dict(own) if isinstance(own, dict) else {}
    for key, value in pinned.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict):
            merged[key] = merge(merged.get(key), value)
        else:
            merged[key] = like(value, merged.get(key))
    return merged


def extend(own, items):
    """Sequence `own` with those of `items` that it lacks at its end, in the type of `own`."""
    present = _items(own)
    return _again(own, present + [item for item in items if item not in present])


def prepend(own, items):
    """Sequence `own` with those of `items` that it lacks in front, in the type of `own`."""
    present = _items(own)
    return _again(own, [item for item in items if item not in present] + present)


def environment():
    """The process environment as pins read it: `os.environ`, past anything that records what the project reads."""
    return dict(os.environ.items())


def _items(own):
    return [] if own is None else list(own)


def _again(own, items):
    return _SEQUENCES.get(type_name(own), list)(items)


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)
