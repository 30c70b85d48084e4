"""What a host is, and what stands in the way of setting it up: read from its files, nothing is started."""
import glob
import os
import platform
import re
import socket
import subprocess
import time

from slipway_host import packages, sockets

PLACES = ('/', '/opt', '/srv', '/var', '/var/lib', '/etc', '/tmp', '/run')


def facts(call):
    version = started('ssh', '-V')
    listening = sockets.listeners(None)
    ports = call.args.get('ports') or [80, 443]
    return {
        'system': system(),
        'kernel': platform.release(),
        'machine': platform.machine(),
        'cores': len(os.sched_getaffinity(0)),
        'memory': memory(),
        'python': platform.python_version(),
        'systemd': systemd(),
        'time': time.time(),
        'keepsTime': keeps_time(),
        'bootId': text('/proc/sys/kernel/random/boot_id').strip(),
        'ipv6': text('/proc/net/if_inet6').strip() != '',
        'listeners': [one for one in listening if one['port'] in ports],
        'disks': [disk(path) for path in PLACES if os.path.isdir(path)],
        'packages': packages.state(),
        'addresses': addresses(),
        'clusters': clusters(),
        'ssh': ssh(listening, version),
    }


def text(path):
    try:
        with open(path, encoding='utf-8', errors='replace') as file:
            return file.read()
    except OSError:
        return ''


def system(path='/etc/os-release'):
    """os-release(5)"""
    fields = dict(line.split('=', 1) for line in text(path).splitlines() if '=' in line and not line.startswith('#'))
    fields = {name: value.strip().strip('"\'') for name, value in fields.items()}
    return {
        'id': fields.get('ID', ''),
        'like': fields.get('ID_LIKE', '').split(),
        'version': fields.get('VERSION_ID', ''),
        'codename': fields.get('VERSION_CODENAME', ''),
        'name': fields.get('PRETTY_NAME', ''),
    }


def memory():
    """Bytes."""
    fields = {}
    for line in text('/proc/meminfo').splitlines():
        name, _, value = line.partition(':')
        fields[name] = int(value.split()[0]) * 1024 if value.split() else 0
    wanted = {'total': 'MemTotal', 'available': 'MemAvailable', 'swap': 'SwapTotal'}
    return {name: fields.get(field, 0) for name, field in wanted.items()}


def addresses():
    """The host's own, without those that only itself can use."""
    found = set()
    lines = text('/proc/net/fib_trie').splitlines()
    for before, line in zip(lines, lines[1:]):
        if line.strip() == '/32 host LOCAL':
            found.add(before.split()[-1])
    for line in text('/proc/net/if_inet6').splitlines():
        fields = line.split()
        if fields[3] == '00':  # global
            found.add(socket.inet_ntop(socket.AF_INET6, bytes.fromhex(fields[0])))
    return sorted(address for address in found if not address.startswith('127.'))


def ssh(listening, version):
    """Which OpenSSH, and every port it listens on, or systemd for it. `version`: what `ssh -V` is about to say, in a process that runs."""
    ports = {one['port'] for one in listening if one.get('program') in ('sshd', 'sshd-session')}
    if os.path.exists('/run/systemd/units/invocation:ssh.socket') or any('ssh.socket' in name for name in glob.glob('/etc/systemd/system/*/*')):
        shown = said('systemctl', 'show', '-p', 'Listen', 'ssh.socket')
        ports.update(int(port) for port in re.findall(r'^Listen=.*?:(\d+) ', shown, re.MULTILINE))
    version = re.search(r'OpenSSH_(\d+)\.(\d+)', heard(version) or said('/usr/sbin/sshd', '-V'))
    return {'ports': sorted(ports), 'version': [int(number) for number in version.groups()] if version else []}


#: Any of the usual programs that keep a clock right.
CLOCKS = ('systemd-timesyncd', 'chrony', 'chronyd', 'ntp', 'ntpsec', 'ntpd')


def keeps_time():
    folders = ('/usr/lib/systemd/system', '/lib/systemd/system', '/etc/systemd/system')
    return any(os.path.exists('%s/%s.service' % (folder, name)) for folder in folders for name in CLOCKS)


def said(*argv):
    return heard(started(*argv))


def started(*argv):
    try:
        return subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except OSError:
        return None


def heard(process):
    """What a process says until its end."""
    if process is None:
        return ''
    try:
        return process.communicate(timeout=10)[0].decode(errors='replace')
    except subprocess.SubprocessError:
        process.kill()
        process.wait()
        return ''


def clusters():
    """PostgreSQL as Debian lays it out: every cluster with its port."""
    found = []
    for path in sorted(glob.glob('/etc/postgresql/*/*/postgresql.conf')):
        major, name = path.split('/')[3:5]
        port = re.findall(r'^\s*port\s*=\s*(\d+)', text(path), re.MULTILINE)
        if major.isdigit():
            found.append({'major': int(major), 'name': name, 'port': int(port[-1]) if port else 5432})
    return found


def systemd():
    """Its version; 0 where it is not what runs the host."""
    if not os.path.isdir('/run/systemd/system'):
        return 0
    found = glob.glob('/usr/lib/*/systemd/libsystemd-shared-*.so') + glob.glob('/usr/lib/systemd/libsystemd-shared-*.so')
    found += glob.glob('/lib/systemd/libsystemd-shared-*.so')
    for path in found:
        number = os.path.basename(path)[len('libsystemd-shared-') :].split('.')[0].split('-')[0]
        if number.isdigit():
            return int(number)
    try:
        said = subprocess.run(['systemctl', '--version'], stdout=subprocess.PIPE, timeout=10).stdout.decode()
        return int(said.split()[1])
    except (OSError, subprocess.SubprocessError, IndexError, ValueError):
        return 0


def disk(path):
    found = os.statvfs(path)
    return {
        'path': path,
        'device': os.stat(path).st_dev,
        'free': found.f_bavail * found.f_frsize,
        'size': found.f_blocks * found.f_frsize,
        # Some file systems make inodes as they are needed and count none.
        'freeInodes': found.f_favail if found.f_files else None,
        'readOnly': bool(found.f_flag & os.ST_RDONLY),
    }


OPERATIONS = {'facts': (facts, False)}
