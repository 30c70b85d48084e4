"""An Apache with mod_wsgi behind a unix socket: ``python -I -m slipway_runtime.apache SOCKET CONFIGURATION``

Apache 2.4 listens on TCP alone. It gets a free port of the loopback interface, and systemd-socket-proxyd brings to it what comes in by the
socket. On SIGTERM requests end first; when one of the two ends by itself, so does the other, and this with exit code 1.

In Apache's processes, `application()` and `authentication()` are what the scripts beside the configuration ask for.
"""
import glob
import os
import shutil
import signal
import socket
import sys
import tempfile
import time

HTTPD = '/usr/sbin/apache2'
PROXY = ('/usr/lib/systemd/systemd-socket-proxyd', '/lib/systemd/systemd-socket-proxyd')
LOOPBACK = '127.0.0.1'
BACKLOG = 2048
START_SECONDS = 30
# https://httpd.apache.org/docs/2.4/stopping.html
_GRACEFUL_STOP = signal.SIGWINCH
_FRONT = 'SLIPWAY_HTTPD_FRONT'
_BROKEN = signal.SIGUSR1


class Front:
    """The two programs, and who is to end."""

    def __init__(self, path, configuration):
        self.path, self.configuration = path, configuration
        self.temp = tempfile.mkdtemp(prefix='httpd-')
        self.port = _free_port()
        self.httpd = self.proxy = None
        self.stopping = False

    def run(self):
        """Until both have ended: the exit code."""
        for number, handler in ((signal.SIGTERM, self._stop), (signal.SIGINT, self._stop), (_BROKEN, self._give_up)):
            signal.signal(number, handler)
        listener = _listen(self.path)
        try:
            self.httpd = _start([HTTPD, '-DFOREGROUND', '-f', self.configuration], self._environment())
            self._wait_for_port()
            if not self.stopping:
                self.proxy = _start([_proxy(), '--connections-max=4096', '%s:%d' % (LOOPBACK, self.port)], dict(os.environ), listener)
            asked = self._wait_for_end()
            return 0 if asked else 1
        finally:
            listener.close()
            shutil.rmtree(self.temp, ignore_errors=True)

    def _environment(self):
        return dict(
            os.environ,
            SLIPWAY_HTTPD_DIRECTORY=os.getcwd(),
            SLIPWAY_HTTPD_TEMP=self.temp,
            SLIPWAY_HTTPD_PORT=str(self.port),
            SLIPWAY_HTTPD_MODULE=module(),
            SLIPWAY_HTTPD_PYTHON=sys.prefix,
            **{_FRONT: str(os.getpid())}
        )

    def _wait_for_port(self):
        """Until Apache listens: nothing is brought to it before. What waits at the socket meanwhile is kept by the kernel."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and not self.stopping and not self._ended(self.httpd):
            with socket.socket() as probe:
                if probe.connect_ex((LOOPBACK, self.port)) == 0:
                    return
            time.sleep(0.02)

    @staticmethod
    def _ended(pid):
        # Left for os.wait to take.
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def _wait_for_end(self):
        running = {pid for pid in (self.httpd, self.proxy) if pid is not None}
        asked = None
        while running:
            try:
                pid, _ = os.wait()
            except InterruptedError:
                continue
            running.discard(pid)
            if asked is None:
                asked = self.stopping
            if running:
                # Connections that are open go through the one that is left until the other has answered them.
                _signal(self.httpd if self.httpd in running else self.proxy, signal.SIGTERM)
        return bool(asked)

    def _stop(self, *_):
        self.stopping = True
        _signal(self.httpd, _GRACEFUL_STOP)

    def _give_up(self, *_):
        _signal(self.httpd, signal.SIGTERM)


def _listen(path):
    if os.path.lexists(path):
        os.unlink(path)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    os.chmod(path, 0o770)
    listener.listen(BACKLOG)
    return listener


def _free_port():
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


def _proxy():
    return next((path for path in PROXY if os.path.exists(path)), PROXY[0])


def _start(argv, env, listener=None):
    """A child; with a listener it gets it as systemd gives sockets: https://www.freedesktop.org/software/systemd/man/latest/sd_listen_fds.html"""
    pid = os.fork()
    if pid:
        return pid
    try:
        for number in (signal.SIGTERM, signal.SIGINT, _BROKEN):
            signal.signal(number, signal.SIG_DFL)
        if listener is not None:
            os.dup2(listener.fileno(), 3)
            os.set_inheritable(3, True)
            env.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid()))
        os.execve(argv[0], argv, env)
    except OSError as error:
        sys.stderr.write('slipway: %s does not start: %s\n' % (argv[0], error.strerror))
    finally:
        os._exit(127)


def _signal(pid, number):
    if pid is None:
        return
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def module():
    """The file of mod_wsgi's Apache module in this environment."""
    found = []
    for folder in sys.path:
        found += glob.glob(os.path.join(folder, 'mod_wsgi', 'server', 'mod_wsgi*.so'))
    if not found:
        sys.exit('slipway: mod_wsgi is not installed in %s' % sys.prefix)
    return found[0]


def application():
    """The project's application, in one of mod_wsgi's processes. One that cannot be loaded ends the release, as it does with any server."""
    try:
        from slipway_runtime import wsgi

        return wsgi.application
    except BaseException:
        import traceback

        traceback.print_exc()
        os.kill(int(os.environ[_FRONT]), _BROKEN)
        raise


def authentication():
    """(check_password, groups_for_user) of Django, in a process of Apache's own, which has loaded nothing yet."""
    directory = os.environ['SLIPWAY_HTTPD_DIRECTORY']
    if directory not in sys.path:
        sys.path.insert(0, directory)
    os.chdir(directory)
    from slipway_runtime import application as project

    project.prepare()
    import django

    django.setup()
    from django.contrib.auth.handlers.modwsgi import check_password, groups_for_user

    return check_password, groups_for_user


if __name__ == '__main__':
    sys.exit(Front(sys.argv[1], sys.argv[2]).run())
