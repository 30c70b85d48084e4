"""The settings, told without their secrets."""
import math
import re
import warnings

from ..pin_values import type_name
from ..redaction import MASK, SECRET_NAME, redact_text

# Django's own names that look secret and are not.
_SECRET_IN_DJANGO = frozenset(['SECRET_KEY', 'SECRET_KEY_FALLBACKS', 'EMAIL_HOST_PASSWORD', 'EMAIL_HOST_USER'])
_DEEPEST = 12


_ENGINES = {'postgres': 'postgresql', 'postgresql': 'postgresql', 'psql': 'postgresql', 'mysql': 'mysql', 'sqlite': 'sqlite3'}


def _of_url(url):
    # An address that somebody forgot to parse: Django cannot use it, and what it stands for is plain.
    scheme, _, rest = url.partition('://')
    engine = _ENGINES.get(scheme.partition('+')[0])
    name = rest.partition('?')[0].partition('/')[2]
    return {'ENGINE': 'django.db.backends.' + engine, 'NAME': name} if engine else None


class SettingFacts:
    """What there is to say about one project's settings; puts every secret it meets into `secrets`."""

    def __init__(self, settings, secrets):
        from django.conf import global_settings

        self._settings = settings
        self._defaults = vars(global_settings)
        self._secrets = secrets

    def settings(self):
        """Facts.settings."""
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            names = sorted(name for name in dir(self._settings) if name.isupper())
            return {name: fact for name, fact in ((name, self._fact(name)) for name in names) if fact is not None}

    def get(self, name, default=None):
        """A setting's value, or `default` where it is not there or refuses to be read (settings removed or deprecated do)."""
        try:
            return getattr(self._settings, name, default)
        except Exception:
            return default

    def secret_key(self):
        """Facts.secretKey."""
        key = self.get('SECRET_KEY') or ''
        if isinstance(key, bytes):
            key = key.decode('latin-1')
        if not isinstance(key, str):
            key = ''
        self._secrets.add(key)
        return {'set': bool(key), 'length': len(key), 'unique': len(set(key)), 'insecurePrefix': key.startswith('django-insecure-')}

    def databases(self):
        """Facts.databases."""
        databases = self.get('DATABASES') or {}
        entries = {str(alias): _of_url(database) if isinstance(database, str) else database for alias, database in databases.items()}
        return {alias: self._database(entry) for alias, entry in entries.items() if isinstance(entry, dict)}

    def caches(self):
        """Facts.caches."""
        caches = self.get('CACHES') or {}
        return {str(alias): {'backend': str(cache.get('BACKEND', '')), 'location': _location(cache.get('LOCATION'))} for alias, cache in caches.items()}

    def _database(self, database):
        self._secrets.add(database.get('PASSWORD'))
        age = database.get('CONN_MAX_AGE', 0)
        name = database.get('NAME')
        return {
            'engine': str(database.get('ENGINE') or ''),
            'name': redact_text(str(name)) if name else None,
            'host': str(database.get('HOST') or ''),
            'port': str(database.get('PORT') or ''),
            'user': str(database.get('USER') or ''),
            'hasPassword': bool(database.get('PASSWORD')),
            'options': sorted(str(option) for option in (database.get('OPTIONS') or {})),
            'atomicRequests': bool(database.get('ATOMIC_REQUESTS')),
            'connMaxAge': age if isinstance(age, (int, float)) else None,
        }

    def _fact(self, name):
        try:
            value = getattr(self._settings, name)
        except Exception:
            return None
        fact = {'type': type_name(value), 'explicit': self._is_explicit(name, value)}
        if self._is_secret(name, value):
            self._secrets.add(value)
            return dict(fact, redacted=True)
        try:
            told = _Telling(self._secrets)
            shown = told.value(value)
        except _Unspeakable:
            return fact
        if fact['type'] not in ('bytes', 'lazy', 'other'):
            fact['value'] = shown
        if told.redacted:
            fact['redacted'] = True
        return fact

    def _is_explicit(self, name, value):
        try:
            return bool(self._settings.is_overridden(name))
        except Exception:  # dynaconf's settings have no such question
            return name not in self._defaults or self._defaults[name] != value

    def _is_secret(self, name, value):
        if name in self._defaults:
            return name in _SECRET_IN_DJANGO and bool(value)
        return bool(SECRET_NAME.search(name)) and value not in (None, '', b'') and not isinstance(value, (bool, dict))


def _location(location):
    if isinstance(location, (list, tuple)):
        return [redact_text(str(item)) for item in location]
    return redact_text(str(location)) if location else None


class _Unspeakable(Exception):
    """A value with no JSON form."""


class _Telling:
    """JSON forms: sets sorted, paths and dates as text, an object of no JSON form inside a container as ``<module.Class>``."""

    def __init__(self, secrets):
        self._secrets = secrets
        self.redacted = False

    def value(self, value, depth=0):
        kind = type_name(value)
        if depth > _DEEPEST:
            raise _Unspeakable()
        if kind in ('none', 'bool', 'int'):
            return value
        if kind == 'float':
            if not math.isfinite(value):
                raise _Unspeakable()
            return value
        if kind == 'str':
            return self._text(str(value))
        if kind == 'path':
            return str(value)
        if kind == 'timedelta':
            return value.total_seconds()
        if kind in ('list', 'tuple'):
            return [self.value(item, depth + 1) for item in value]
        if kind in ('set', 'frozenset'):
            return sorted((self.value(item, depth + 1) for item in value), key=str)
        if kind == 'dict':
            return {str(key): self._entry(key, item, depth) for key, item in value.items()}
        if kind == 'lazy':
            return _untranslated(value)
        return '<%s.%s>' % (type(value).__module__, type(value).__name__)

    def _entry(self, key, item, depth):
        # A dict under a name that looks secret (KEYS, AUTH) is looked into; only what is a value is masked.
        if SECRET_NAME.search(str(key)) and not re.search(r'AUTH\w*\.|KEY_(PREFIX|FUNCTION)|BACKEND', str(key)):
            if isinstance(item, (str, bytes, list, tuple, set, frozenset)) and item:
                self._secrets.add(item)
                self.redacted = True
                return MASK
        return self.value(item, depth + 1)

    def _text(self, text):
        shown = redact_text(text)
        if shown != text:
            self.redacted = True
        return shown


def _untranslated(value):
    arguments = getattr(value, '_proxy____args', None) or getattr(value, '_args', None)
    return str(arguments[0]) if arguments and isinstance(arguments[0], str) else ''
