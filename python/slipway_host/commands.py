"""Runs commands: each leads a process group of its own, which ends with it when it is stopped, too slow, or the connection is gone."""
import os
import pwd
import signal
import subprocess
import threading
import time

from slipway_host import frames
from slipway_host.calls import Refused

KILL_AFTER = 3
PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
# How the host reaches the network, where its administrator has said so for all users.
PASSED_ON = ('HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'REQUESTS_CA_BUNDLE')
PASSED_ON += ('CURL_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS', 'PIP_CERT', 'PIP_INDEX_URL', 'UV_INDEX_URL', 'UV_DEFAULT_INDEX')

running = set()
running_lock = threading.Lock()


def base_environment():
    account = pwd.getpwuid(os.geteuid())
    base = site_environment()
    base.update(PATH=PATH, LANG='C.UTF-8', HOME=account.pw_dir, USER=account.pw_name, LOGNAME=account.pw_name)
    return base


def site_environment(path='/etc/environment'):
    found = {}
    try:
        with open(path, encoding='utf-8', errors='surrogateescape') as lines:
            for line in lines:
                name, equals, value = line.strip().partition('=')
                name = name[7:] if name.startswith('export ') else name
                if equals and name.upper() in PASSED_ON:
                    found[name] = value.strip().strip('"\'')
    except OSError:
        pass
    return found


def run(call):
    args = call.args
    env = base_environment()
    env.update(args.get('env') or {})
    argv = args['argv']
    process = start(argv, env, args)
    # Closed streams of a process that is gone are no error: its exit code tells the rest.
    threading.Thread(target=feed, args=(process, args.get('stdin')), daemon=True).start()
    pumps = [pump(process.stdout, call, frames.OUT), pump(process.stderr, call, frames.ERR)]
    woken = threading.Event()
    call.cancel_hooks.append(woken.set)
    timed_out = not wait(process, pumps, call.cancelled, woken, args.get('timeout'))
    with running_lock:
        running.discard(process)
    code = -signal.SIGKILL if process.returncode is None else process.returncode
    return {'code': 128 - code if code < 0 else code, 'timedOut': timed_out and not call.cancelled.is_set()}


def start(argv, env, args):
    check_program(argv[0], env, args.get('cwd'))
    try:
        with running_lock:
            process = subprocess.Popen(
                argv,
                env=env,
                cwd=args.get('cwd') or '/',
                stdin=subprocess.PIPE if args.get('stdin') else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
            running.add(process)
    except OSError as error:
        if error.errno == 2:
            raise Refused('COMMAND_NOT_FOUND', '%s is not there' % argv[0])
        raise Refused('COMMAND_NOT_STARTED', '%s could not be started: %s' % (argv[0], error.strerror))
    return process


def check_program(program, env, cwd):
    if cwd and not os.path.isdir(cwd):
        raise Refused('COMMAND_NOT_FOUND', '%s is not there (in %s)' % (program, cwd))
    if '/' in program:
        return
    for folder in env.get('PATH', '').split(':'):
        if os.access(os.path.join(folder, program), os.X_OK):
            return
    raise Refused('COMMAND_NOT_FOUND', '%s is not there' % program)


def feed(process, text):
    if process.stdin is None:
        return
    try:
        process.stdin.write(text.encode('utf-8', 'surrogateescape'))
    except OSError:
        pass
    try:
        process.stdin.close()
    except OSError:
        pass


def pump(stream, call, kind):
    def work():
        while True:
            try:
                data = os.read(stream.fileno(), 65536)
            except (OSError, ValueError):
                return
            if not data:
                return
            call.send(kind, data)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def wait(process, pumps, stop, woken, timeout):
    """Until the process has ended and its streams are closed. False when it had to be stopped. `woken` is set after `stop`."""
    deadline = None if timeout is None else time.monotonic() + timeout
    over = threading.Event()

    def watch():
        process.wait()
        for each in pumps:
            each.join()
        over.set()
        woken.set()

    threading.Thread(target=watch, daemon=True).start()
    while not over.is_set():
        if stop.is_set() or (deadline is not None and time.monotonic() >= deadline):
            end_group(process)
            over.wait(KILL_AFTER)
            return False
        woken.wait(None if deadline is None else max(0.0, deadline - time.monotonic()))
    return True


def end_group(process):
    """Asked first, made to after a while."""
    members = family(process.pid)
    kill(process, members, signal.SIGTERM)
    until = time.monotonic() + KILL_AFTER
    while time.monotonic() < until and (process.poll() is None or alive(process.pid)):
        time.sleep(0.005)
    kill(process, members | family(process.pid), signal.SIGKILL)


def end_all():
    with running_lock:
        left = list(running)
        running.clear()
    threads = [threading.Thread(target=end_group, args=(process,), daemon=True) for process in left]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(KILL_AFTER + 1)


def alive(group):
    try:
        os.killpg(group, 0)
        return True
    except OSError:
        return False


def kill(process, members, number):
    try:
        os.killpg(process.pid, number)
    except OSError:
        pass
    for pid, started in members:
        if start_of(pid) == started:
            try:
                os.kill(pid, number)
            except OSError:
                pass


def family(root):
    """Processes that descend from one, whatever group they lead: (pid, start)."""
    children = {}
    for name in os.listdir('/proc'):
        stat = stat_of(name) if name.isdigit() else None
        if stat:
            children.setdefault(int(stat[1]), []).append((int(name), stat[19]))
    found, left = set(), [root]
    while left:
        for child in children.get(left.pop(), []):
            if child not in found:
                found.add(child)
                left.append(child[0])
    return found


def stat_of(pid):
    try:
        with open('/proc/%s/stat' % pid, 'rb') as file:
            return file.read().rpartition(b')')[2].split()
    except OSError:
        return None


def start_of(pid):
    stat = stat_of(pid)
    return stat[19] if stat else None


OPERATIONS = {'exec': (run, True)}
