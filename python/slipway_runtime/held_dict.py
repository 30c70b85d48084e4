"""A pinned dict while the project's settings still run."""


class HeldDict(dict):
    """The pinned value, with the project's own behind it for plain subscripts.

    Settings go on to change what they stored: ``LOGGING['handlers']['file']['level'] = …``, ``DATABASES['replica']['TEST'] = …``.
    A pinned dict without those keys would make the project's own line fail. Only ``[]`` and ``pop`` see the project's value, so that
    ``in``, ``get`` and iteration answer with what is pinned. Plain dicts replace these when the module is done.
    """

    def __init__(self, pinned, own):
        super().__init__()
        self.own = own
        for key, value in pinned.items():
            self[key] = held(value, own.get(key))

    def __missing__(self, key):
        return self.own[key]

    def pop(self, key, *default):
        """As dict.pop, but a key that only the project has is no KeyError."""
        if key in self or default or key not in self.own:
            return super().pop(key, *default)
        return self.own[key]

    def __delitem__(self, key):
        if key in self or key not in self.own:
            super().__delitem__(key)

    def __reduce__(self):
        return (dict, (dict(self),))


def held(pinned, own):
    """`pinned`, as a HeldDict where both it and the project's `own` value are dicts."""
    if isinstance(pinned, dict) and isinstance(own, dict):
        return HeldDict(pinned, own)
    return pinned
