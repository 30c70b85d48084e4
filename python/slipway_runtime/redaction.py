"""Taking secrets out of what is told to others."""
import re

# Django's own (SafeExceptionReporterFilter.hidden_settings, which grew over its versions), and two more.
SECRET_NAME = re.compile(r'API|AUTH|TOKEN|KEY|SECRET|PASS|SIGNATURE|HTTP_COOKIE|DSN|CREDENTIAL', re.IGNORECASE)
MASK = '***'

_USERINFO = re.compile(r'(://[^:/?#@\s\'"]*:)[^\s\'"]*@')
_TOKEN_AS_USER = re.compile(r'(https?://)[^/?#@\s\'":]+@')
_PARAMETER = re.compile(
    r'((?:[?&;]|\b)[\w-]*(?:pass|passwd|password|pwd|token|secret|signature|sig|api_?key|access_?key)[\w-]*\s*=\s*)[^&\s;\'"]+', re.IGNORECASE
)


def redact_text(text):
    """`text` without passwords of URLs and connection strings, and without tokens in query strings."""
    text = _USERINFO.sub(r'\1' + MASK + '@', text)
    text = _TOKEN_AS_USER.sub(r'\1' + MASK + '@', text)
    return _PARAMETER.sub(r'\1' + MASK, text)


def redact_source(line):
    """A line of source without the string literals that follow a name which looks secret."""
    if not SECRET_NAME.search(line):
        return redact_text(line)
    return redact_text(re.sub(r'''(=|:|,)(\s*)([rbufRBUF]{0,2})(["'])(?:\\.|(?!\4).)*\4(?!\s*:)''', r'\1\2\4' + MASK + r'\4', line))


class Secrets:
    """Secret values met on the way, to be struck out wherever they turn up.

    Only what can be nothing else: striking out a password of ``postgres`` would strike it out of ``django.db.backends.postgresql`` too.
    """

    def __init__(self):
        self._values = set()

    def add(self, value):
        """Remember every string in `value`."""
        if isinstance(value, str):
            if _is_unmistakable(value):
                self._values.add(value)
        elif isinstance(value, dict):
            for item in value.values():
                self.add(item)
        elif isinstance(value, (list, tuple, set, frozenset)):
            for item in value:
                self.add(item)

    def strike(self, value):
        """JSON `value` with every remembered secret masked in its strings (keys are names and stay)."""
        if isinstance(value, str):
            for secret in sorted(self._values, key=len, reverse=True):
                value = value.replace(secret, MASK)
            return value
        if isinstance(value, dict):
            return {key: self.strike(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.strike(item) for item in value]
        return value


def _is_unmistakable(value):
    if len(value) >= 20 and not re.fullmatch(r'[a-z_]+([./][A-Za-z_]+)+/?', value):
        return True
    return len(value) >= 8 and bool(re.search(r'\d', value)) and bool(re.search(r'[A-Za-z]', value))
