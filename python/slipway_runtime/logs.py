"""Logging as one JSON object a line, with the request's id; for use from a LOGGING dict.

``{'filters': {'request_id': {'()': 'slipway_runtime.logs.RequestIdFilter'}},
'formatters': {'json': {'()': 'slipway_runtime.logs.JsonFormatter'}}}``
"""
import json
import logging
import time

from . import request_id


class RequestIdFilter(logging.Filter):
    """Lets every record pass, with ``record.request_id``."""

    def filter(self, record):
        if not getattr(record, 'request_id', ''):
            record.request_id = request_id.get()
        return True


class JsonFormatter(logging.Formatter):
    """``{"time", "level", "logger", "message"}`` and, where there are any, ``request_id``, ``status``, ``path``, ``exception``. Never raises."""

    def format(self, record):
        try:
            return json.dumps(_entry(record, self.formatException), ensure_ascii=False, default=_text)
        except Exception as error:
            return json.dumps({'time': _now(), 'level': 'error', 'logger': _text(record.name), 'message': 'a log record could not be formatted: %s' % _text(error)})


def _entry(record, format_exception):
    entry = {
        'time': _timestamp(record.created),
        'level': record.levelname.lower(),
        'logger': record.name,
        'message': _message(record),
    }
    identifier = getattr(record, 'request_id', '') or request_id.get()
    if identifier:
        entry['request_id'] = identifier
    status = getattr(record, 'status_code', None)
    if isinstance(status, int):
        entry['status'] = status
    path = getattr(getattr(record, 'request', None), 'path', None)
    if isinstance(path, str):
        entry['path'] = path
    if record.exc_info and record.exc_info is not True:
        entry['exception'] = format_exception(record.exc_info)
    elif record.exc_text:
        entry['exception'] = record.exc_text
    if record.stack_info:
        entry['stack'] = record.stack_info
    # A lone surrogate is valid in a Python string and in no encoding a log is written in.
    return {key: _encodable(value) for key, value in entry.items()}


def _message(record):
    try:
        return record.getMessage()
    except Exception:  # arguments that do not fit the format, or whose str() fails
        return '%s %s' % (_text(record.msg), _text(record.args))


def _encodable(value):
    return value.encode('utf-8', 'backslashreplace').decode('utf-8') if isinstance(value, str) else value


def _text(value):
    try:
        return str(value)
    except Exception:
        return '<%s>' % type(value).__name__


def _timestamp(seconds):
    return time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds)) + '.%03dZ' % (seconds % 1 * 1000)


def _now():
    return _timestamp(time.time())
