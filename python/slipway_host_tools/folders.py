"""Are folders as they have to be? A JSON list of {path, mode, user, group, acl} on standard input, as src/templates/tmpfiles.ts has it.

Exit 0 when all are, 1 with a line for each that is not. Access control lists are compared by the users they name: systemd-tmpfiles works
out the rights.
"""

import grp
import json
import os
import pwd
import stat
import struct
import sys

# https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/posix_acl_xattr.h
ACL_USER = 0x02
ENTRY = struct.Struct("<HHI")
HEADER_BYTES = 4


def main():
    wrong = [line for line in map(difference, json.load(sys.stdin)) if line]
    for line in wrong:
        print(line)
    return 1 if wrong else 0


def difference(wish):
    """What is wrong with one folder, in a line; None where nothing is."""
    path = wish["path"]
    try:
        found = os.stat(path)
        user, group = pwd.getpwnam(wish["user"]).pw_uid, grp.getgrnam(wish["group"]).gr_gid
    except (OSError, KeyError):
        return "+ %s" % path
    if (found.st_uid, found.st_gid) != (user, group):
        return "~ %s: its owner" % path
    # With an access control list the group's bits are the mask of all that it names.
    compared = 0o7707 if wish.get("acl") else 0o7777
    if (stat.S_IMODE(found.st_mode) ^ int(wish["mode"], 8)) & compared:
        return "~ %s: its mode" % path
    for entry in wish.get("acl", ()):
        if not allows(path, entry):
            return "~ %s: %s" % (path, entry)
    return None


def allows(path, entry):
    """Whether the list of `path` names the user of `entry`, such as `u:www-data:--x` or `d:u:www-data:rw-`."""
    name = entry.split(":")[-2]
    kind = "default" if entry.startswith("d:") else "access"
    try:
        uid = pwd.getpwnam(name).pw_uid
        data = os.getxattr(path, "system.posix_acl_" + kind)
    except (OSError, KeyError):
        return False
    entries = ENTRY.iter_unpack(data[HEADER_BYTES:])
    return any(tag == ACL_USER and number == uid for tag, _, number in entries)


if __name__ == "__main__":
    sys.exit(main())
