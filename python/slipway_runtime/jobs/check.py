"""`manage.py check --deploy`, as data."""
from ..redaction import redact_text

_LEVELS = ((50, 'critical'), (40, 'error'), (30, 'warning'), (20, 'info'), (10, 'debug'))


def run(job, tell):
    """{"messages": [{"id", "level", "msg", "hint", "object", "silenced"}]}, without those of the databases themselves. Raises what a check raises."""
    from django.core.checks import run_checks

    return {'messages': [_told(message) for message in run_checks(include_deployment_checks=True)]}


def _told(message):
    return {
        'id': message.id or '',
        'level': next((name for level, name in _LEVELS if message.level >= level), 'debug'),
        'msg': redact_text(str(message.msg)),
        'hint': redact_text(str(message.hint)) if message.hint else None,
        'object': _name(message.obj),
        'silenced': bool(message.is_silenced()),
    }


def _name(thing):
    if thing is None:
        return None
    label = getattr(getattr(thing, '_meta', None), 'label', None)
    try:
        return str(label or thing)
    except Exception:
        return type(thing).__name__
