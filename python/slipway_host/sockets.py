"""Who listens on a TCP port."""
import os
import socket

LISTEN = '0A'


def listeners(ports):
    """[{port, address, pid, program, unit}], the last three where a process is found; None: of all ports."""
    found = []
    for table in ('/proc/net/tcp', '/proc/net/tcp6'):
        found += read_table(table, None if ports is None else set(ports))
    owners = owners_of({inode for _, _, inode in found})
    return [dict({'port': port, 'address': address}, **owners.get(inode, {})) for port, address, inode in found]


def read_table(path, ports):
    try:
        with open(path) as file:
            lines = file.read().splitlines()[1:]
    except OSError:
        return []
    found = []
    for line in lines:
        fields = line.split()
        address, _, port = fields[1].partition(':')
        if fields[3] == LISTEN and (ports is None or int(port, 16) in ports):
            found.append((int(port, 16), readable(address), fields[9]))
    return found


def readable(words):
    """The kernel prints each word of an address in the order of its bytes in memory."""
    data = b''.join(bytes.fromhex(words[at : at + 8])[::-1] for at in range(0, len(words), 8))
    return socket.inet_ntop(socket.AF_INET if len(data) == 4 else socket.AF_INET6, data)


def owners_of(inodes):
    if not inodes:
        return {}
    wanted = {'socket:[%s]' % inode: inode for inode in inodes}
    owners = {}
    for pid in sorted((name for name in os.listdir('/proc') if name.isdigit()), key=int):
        for descriptor in descriptors_of(pid):
            inode = wanted.get(descriptor)
            # The oldest process that has it is the one that opened it: workers inherit it.
            if inode is not None and inode not in owners:
                owners[inode] = {'pid': int(pid), 'program': first_line('/proc/%s/comm' % pid), 'unit': unit_of(pid)}
    return owners


def descriptors_of(pid):
    found = []
    try:
        for name in os.listdir('/proc/%s/fd' % pid):
            try:
                found.append(os.readlink('/proc/%s/fd/%s' % (pid, name)))
            except OSError:
                pass  # It has been closed meanwhile.
    except OSError:
        pass
    return found


def unit_of(pid):
    """The systemd unit a process belongs to."""
    for line in first_line('/proc/%s/cgroup' % pid, all_of_it=True).splitlines():
        for part in reversed(line.split(':', 2)[-1].split('/')):
            if part.endswith(('.service', '.socket', '.scope')):
                return part
    return None


def first_line(path, all_of_it=False):
    try:
        with open(path) as file:
            return file.read() if all_of_it else file.readline().strip()
    except OSError:
        return ''
