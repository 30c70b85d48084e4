"""Files that appear whole or not at all."""

import errno
import json
import os
import shutil


def link_or_copy(source, target):
    """A hard link; a copy where the file system has none, its limit is reached or it leads to another disk. Replaces what is there."""
    os.makedirs(os.path.dirname(target), exist_ok=True)
    aside = target + ".slipway-new"
    remove(aside)
    try:
        os.link(os.path.realpath(source), aside)
    except OSError as error:
        if error.errno not in (errno.EXDEV, errno.EMLINK, errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EACCES):
            raise
        shutil.copy2(source, aside)
    # rename(2) of two names of one file does nothing and leaves both.
    os.replace(aside, target)
    remove(aside)


def remove(path):
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass


def write_json(path, content):
    aside = path + ".slipway-new"
    with open(aside, "w", encoding="utf-8") as file:
        json.dump(content, file, separators=(",", ":"))
    os.replace(aside, path)
