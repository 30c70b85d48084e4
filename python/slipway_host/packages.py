"""The state of dpkg and apt: what would make an installation fail."""
import fcntl
import glob
import os
import struct
import time
from email.utils import parsedate_to_datetime

DPKG = '/var/lib/dpkg'
LISTS = '/var/lib/apt/lists'
LOCKS = (DPKG + '/lock-frontend', DPKG + '/lock', LISTS + '/lock', '/var/cache/apt/archives/lock')
FLOCK = struct.Struct('hhqqi')


def state():
    """None where there is no dpkg."""
    if not os.path.exists(DPKG + '/status'):
        return None
    return {
        'unfinished': unfinished(),
        'interrupted': any(name.isdigit() for name in names(DPKG + '/updates')),
        'locks': [holder for holder in map(lock_holder, LOCKS) if holder],
        'listsTime': lists_time(),
        'expired': expired(),
        'rebootRequired': os.path.exists('/run/reboot-required') or os.path.exists('/var/run/reboot-required'),
    }


def names(folder):
    try:
        return os.listdir(folder)
    except OSError:
        return []


def unfinished():
    """Packages that are neither installed nor gone."""
    found, name = [], ''
    with open(DPKG + '/status', encoding='utf-8', errors='replace') as lines:
        for line in lines:
            if line.startswith('Package: '):
                name = line[9:].strip()
            elif line.startswith('Status: ') and line.split()[-1] not in ('installed', 'not-installed', 'config-files'):
                found.append(name + ' ' + line.split()[-1])
    return found


def lock_holder(path):
    """Who holds a lock of fcntl(2)."""
    try:
        with open(path, 'rb') as file:
            asked = FLOCK.pack(fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
            kind, _, _, _, pid = FLOCK.unpack(fcntl.fcntl(file.fileno(), fcntl.F_GETLK, asked))
    except OSError:
        return None
    if kind == fcntl.F_UNLCK:
        return None
    try:
        with open('/proc/%d/comm' % pid) as file:
            program = file.read().strip()
    except OSError:
        program = ''
    return {'path': path, 'pid': pid, 'program': program}


def releases():
    return glob.glob(LISTS + '/*_InRelease') + glob.glob(LISTS + '/*_Release')


def lists_time():
    """When apt last asked for its lists, in seconds since 1970; None where it has none."""
    fetched = [os.stat(path).st_mtime for path in (LISTS, LISTS + '/partial') if os.path.isdir(path)]
    return max(fetched) if releases() and fetched else None


def expired():
    """Names of lists that apt refuses because they say they are too old."""
    found = []
    for path in releases():
        with open(path, encoding='utf-8', errors='replace') as lines:
            for line in lines:
                if line.startswith('Valid-Until:') and parsedate_to_datetime(line[12:].strip()).timestamp() < time.time():
                    found.append(os.path.basename(path))
                if line.startswith(('MD5Sum:', 'SHA256:')):
                    break
    return found
