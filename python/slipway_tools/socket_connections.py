"""How many clients a listening unix socket has."""

import os

CONNECTED = b"03"


def connections(path):
    """How many established connections a listening unix socket has, those not accepted yet among them.

    The kernel tells the path as it was bound; granian resolves symlinks before it binds.
    """
    names = {os.fsencode(path), os.fsencode(os.path.realpath(path))}
    count = 0
    with open("/proc/net/unix", "rb") as table:
        for line in table:
            # Num RefCount Protocol Flags Type St Inode Path: a path may hold blanks
            fields = line.split(None, 7)
            if len(fields) == 8 and fields[5] == CONNECTED and fields[7].rstrip(b"\n") in names:
                count += 1
    return count
