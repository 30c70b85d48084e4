"""Which environment variable an exception is about, when it is about one."""
import re
import tokenize

# What the libraries that read the environment for settings say, and home-made readers like to.
_SAID = (
    re.compile(r'^Set the (\w+) environment variable'),  # django-environ
    re.compile(r'^(\w+) not found\. Declare it as envvar'),  # python-decouple
    re.compile(r'^Environment variable "(\w+)"'),  # environs
    re.compile(r"required to be set as the environment variable '(\w+)'"),  # django-configurations
    re.compile(r"^Secret value '?(\w+)'? is not set"),
    re.compile(r'Missing (?:required )?env(?:ironment)? var(?:iable)?:? [\'"`]?(\w+)', re.IGNORECASE),
)
_EMPTY_SETTING = re.compile(r'The (\w+) setting must not be empty')
_WORD = re.compile(r'\w+')


def of(error, reads, ground):
    """The name of the variable whose absence is behind `error`, or None. `reads` are the EnvironmentReads."""
    return (
        _key_error(error)
        or _said(error)
        or _pydantic(error)
        or _named_in(error, reads)
        or _empty_setting(error, reads)
        or _on_that_line(error, reads, ground)
    )


def source_line(file, line):
    """Line `line` (from 1) of a source file in its own encoding, or ''."""
    try:
        with tokenize.open(file) as source:
            for number, text in enumerate(source, 1):
                if number == line:
                    return text
    except (OSError, SyntaxError, UnicodeDecodeError):
        pass
    return ''


def _key_error(error):
    if not isinstance(error, KeyError) or not error.args or not isinstance(error.args[0], str):
        return None
    innermost = _innermost(error)
    module = innermost.f_globals.get('__name__', '') if innermost else ''
    return error.args[0] if module == 'os' or module.endswith('.environment_reads') else None


def _innermost(error):
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace.tb_frame if trace else None


def _said(error):
    text = _text(error)
    for pattern in _SAID:
        found = pattern.search(text)
        if found:
            return found.group(1)
    return None


def _pydantic(error):
    if type(error).__name__ != 'ValidationError' or not callable(getattr(error, 'errors', None)):
        return None
    for entry in error.errors():
        location = [str(part) for part in entry.get('loc', ())]
        if location and 'missing' in entry.get('type', ''):
            return (_pydantic_prefix(error) + '__'.join(location)).upper()
    return None


def _pydantic_prefix(error):
    wanted = getattr(error, 'title', None) or getattr(getattr(error, 'model', None), '__name__', None)
    trace = error.__traceback__
    while trace is not None:
        for value in list(trace.tb_frame.f_locals.values()):
            # Not isinstance(): lazy objects among the locals would be made by it.
            kind = value if issubclass(type(value), type) else type(value)
            if kind.__name__ == wanted:
                config = getattr(kind, 'model_config', None)
                if isinstance(config, dict):
                    return config.get('env_prefix') or ''
                return getattr(getattr(kind, '__config__', None), 'env_prefix', '') or ''
        trace = trace.tb_next
    return ''


def _named_in(error, reads):
    # `raise Exception('DATABASE_URL environment variable not defined')`, of a variable that was asked for just before.
    if isinstance(error, (ImportError, SyntaxError, OSError)):
        return None
    words = set(_WORD.findall(_text(error)))
    for read in reversed(reads.misses()):
        if read.name in words and len(read.name) > 2:
            return read.name
    return None


def _empty_setting(error, reads):
    found = _EMPTY_SETTING.search(_text(error))
    if not found:
        return None
    for read in reads.misses():
        if re.match(r'\s*%s\b' % found.group(1), source_line(read.file, read.line)):
            return read.name
    return None


def _on_that_line(error, reads, ground):
    # `os.environ.get('HOSTS').split(',')`, also where the value was stored under a name first.
    if not isinstance(error, AssertionError) and 'None' not in _text(error):
        return None
    place = _last_project_place(error, ground)
    if place is None:
        return None
    misses = [read for read in reads.misses() if not read.hit]
    for read in misses:
        if place in read.places:
            return read.name
    used = set(_WORD.findall(source_line(*place)))
    for read in reversed(misses):
        for file, line in read.places:
            assigned = re.match(r'\s*(\w+)\s*(?::[^=]+)?=(?!=)', source_line(file, line))
            if file == place[0] and assigned and assigned.group(1) in used:
                return read.name
    return None


def _last_project_place(error, ground):
    place = None
    trace = error.__traceback__
    while trace is not None:
        if ground.owns(trace.tb_frame.f_code.co_filename):
            place = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    return place


def _text(error):
    try:
        return str(error)
    except Exception:
        return ''
