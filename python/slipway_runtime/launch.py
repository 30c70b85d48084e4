"""Starts one process of a release: ``python3 -I -S launch.py FILE.json`` (a ProcessDefinition, src/core/process-definition.ts).

A file, so that no value passes through a supervisor's configuration language, a shell or argv. Runs under any Python 3.6 or newer,
alone: no other file of this package is imported.
"""
import json
import os
import sys

EX_CONFIG = 78
# For what it starts in turn: see orphan.py.
MAIN_PROCESS = b'SLIPWAY_MAIN_PROCESS'


class LaunchError(Exception):
    """What is wrong, in one line for a person."""


def read(path):
    """The definition at `path`. Raises LaunchError."""
    try:
        with open(path, 'rb') as file:
            definition = json.loads(file.read().decode('utf-8'))
    except OSError as error:
        raise LaunchError('cannot read %s: %s' % (path, error.strerror))
    except ValueError as error:
        raise LaunchError('%s is not JSON: %s' % (path, error))
    argv = definition.get('argv') if isinstance(definition, dict) else None
    if not isinstance(argv, list) or not argv or not all(isinstance(arg, str) for arg in argv):
        raise LaunchError('%s: argv must be a list of strings' % path)
    if not isinstance(definition.get('cwd'), str) or not isinstance(definition.get('env'), dict):
        raise LaunchError('%s: cwd must be a string and env an object' % path)
    for key in ('umask', 'descriptors', 'memory'):
        if not isinstance(definition.get(key, 0), int):
            raise LaunchError('%s: %s must be a whole number' % (path, key))
    if not isinstance(definition.get('user', ''), str):
        raise LaunchError('%s: user must be a string' % path)
    return definition


def encoded(text, what):
    """`text` as the bytes the kernel takes, whatever the locale. Raises LaunchError for a NUL."""
    if '\0' in text:
        raise LaunchError('%s holds a NUL character' % what)
    return text.encode('utf-8', 'surrogateescape')


def environment(values):
    """`values` as execve takes them. Raises LaunchError, naming the variable but never its value."""
    env = {}
    for name, value in values.items():
        if not name or '=' in name:
            raise LaunchError('%r is no name for an environment variable' % name)
        if isinstance(value, dict) and list(value) == ['credential'] and isinstance(value['credential'], str):
            env[encoded(name, 'a name in env')] = credential(value['credential'])
            continue
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise LaunchError('the environment variable %s must be a string' % name)
        env[encoded(name, 'a name in env')] = encoded(str(value), 'the environment variable %s' % name)
    return env


def credential(name):
    """The content of one of systemd's credentials (https://systemd.io/CREDENTIALS/), as bytes. Raises LaunchError."""
    folder = os.environ.get('CREDENTIALS_DIRECTORY')
    if folder is None:
        raise LaunchError('the secret %s is a credential, and this process was given none' % name)
    try:
        with open(os.path.join(folder, name), 'rb') as file:
            value = file.read()
    except OSError as error:
        raise LaunchError('cannot read the credential %s: %s' % (name, error.strerror))
    if b'\0' in value:
        raise LaunchError('the credential %s holds a NUL character' % name)
    return value


def limit(definition):
    """Apply umask and resource limits. Raises LaunchError."""
    if definition.get('umask') is not None:
        os.umask(definition['umask'])
    for key, name in (('descriptors', 'RLIMIT_NOFILE'), ('memory', 'RLIMIT_DATA')):
        if definition.get(key) is not None:
            _limit_resource(key, name, definition[key])


def _limit_resource(key, name, wanted):
    import resource

    which = getattr(resource, name)
    hard = resource.getrlimit(which)[1]
    if hard != resource.RLIM_INFINITY and wanted > hard and os.geteuid() != 0:
        sys.stderr.write('slipway: %s: %d wanted, %d allowed here\n' % (key, wanted, hard))
        wanted = hard
    try:
        resource.setrlimit(which, (wanted, wanted))
    except (ValueError, OSError) as error:
        raise LaunchError('cannot limit %s to %s: %s' % (key, wanted, error))


def become(user, env):
    """Give up root for `user`; nothing when not root. Adds HOME, USER and LOGNAME to `env` where they are absent. Raises LaunchError."""
    import pwd

    try:
        entry = pwd.getpwnam(user)
    except KeyError:
        raise LaunchError('there is no user %s' % user)
    if os.geteuid() == 0:
        try:
            os.initgroups(user, entry.pw_gid)
            os.setgid(entry.pw_gid)
            os.setuid(entry.pw_uid)
        except OSError as error:
            raise LaunchError('cannot become %s: %s' % (user, error.strerror))
    elif os.geteuid() != entry.pw_uid:
        raise LaunchError('cannot become %s without being root' % user)
    for name, value in (('HOME', entry.pw_dir), ('USER', user), ('LOGNAME', user)):
        env.setdefault(name.encode(), encoded(value, name))


def program(name, env):
    """The path of `argv[0]`: as it stands with a slash in it, else the first executable on the PATH of `env`. Raises LaunchError."""
    if b'/' in name:
        return name
    for folder in env.get(b'PATH', b'/usr/local/bin:/usr/bin:/bin').split(b':'):
        path = os.path.join(folder or b'.', name)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    raise LaunchError('%s is not on the PATH' % os.fsdecode(name))


def start(definition):
    """Become the process. Returns never; raises LaunchError."""
    argv = [encoded(arg, 'argv') for arg in definition['argv']]
    env = environment(definition['env'])
    env[MAIN_PROCESS] = b'%d' % os.getpid()
    limit(definition)
    if definition.get('user'):
        become(definition['user'], env)
    try:
        os.chdir(encoded(definition['cwd'], 'cwd'))
    except OSError as error:
        raise LaunchError('cannot enter %s: %s' % (definition['cwd'], error.strerror))
    path = program(argv[0], env)
    try:
        os.execve(path, argv, env)
    except OSError as error:
        raise LaunchError('cannot run %s: %s' % (os.fsdecode(path), error.strerror))


def main(arguments):
    """The exit code, when there is one: the process started is this one."""
    try:
        if len(arguments) != 1:
            raise LaunchError('usage: launch.py FILE.json')
        start(read(arguments[0]))
    except LaunchError as error:
        message = 'slipway: %s' % ' '.join(str(error).split())
        sys.stderr.buffer.write(message.encode('utf-8', 'backslashreplace') + b'\n')
        return EX_CONFIG


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
