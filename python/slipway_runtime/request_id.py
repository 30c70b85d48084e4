"""The id of the request being answered, as the edge gave it."""
try:
    from contextvars import ContextVar

    _current = ContextVar('slipway_request_id', default='')

    def get():
        """The current request's id, or ''."""
        return _current.get()

    def set(value):
        """Remember `value` as the current request's id."""
        _current.set(value)

except ImportError:  # Python 3.6
    import threading

    _current = threading.local()

    def get():
        """The current request's id, or ''."""
        return getattr(_current, 'value', '')

    def set(value):
        """Remember `value` as the current request's id."""
        _current.value = value


_LONGEST = 200


def clean(value):
    """A header's value as an id: printable ASCII, of bounded length, so that it cannot forge a log line."""
    return ''.join(character for character in value[:_LONGEST] if '!' <= character <= '~')
