"""The lines of one app in a file that is somebody else's: managed_block.py put|same FILE NAME LINES

LINES is a file with the lines as they are to be; where it is empty or not there, the block is to be gone.
put    has them at the beginning of FILE, between two marks with NAME; all else stays as it is
same   exit 0 when that is so, else 1
"""

import os
import stat
import sys


def main():
    verb, path, name, lines = sys.argv[1:]
    with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
        text = file.read()
    wanted = with_block(text, name, read(lines))
    if verb == "same":
        return 0 if wanted == text else 1
    if wanted != text:
        replace(path, wanted)
    return 0


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def with_block(text, name, lines):
    begin, end = "# begin slipway %s\n" % name, "# end slipway %s\n" % name
    before, found, after = text.partition(begin)
    if found:
        _, closed, rest = after.partition(end)
        # Without its end nobody knows how far it went: what follows is kept.
        text = before + (rest if closed else after)
    return begin + lines + end + text if lines else text


def replace(path, text):
    found = os.stat(path)
    fresh = path + ".slipway-new"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        file.write(text)
        os.fchown(descriptor, found.st_uid, found.st_gid)
        os.fchmod(descriptor, stat.S_IMODE(found.st_mode))
        file.flush()
        os.fsync(descriptor)
    os.rename(fresh, path)


if __name__ == "__main__":
    sys.exit(main())
