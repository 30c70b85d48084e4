"""Many files at once, as they are now: what would be asked one after the other."""
import glob
import os
import stat

# A file that is larger is asked for when it is wanted.
MOST_BYTES = 256 * 1024


def survey(patterns):
    """{"found": [[path, kind, content]…], "absent": [path…]}: of a file its text, of a link its target, of a folder that ends with / its names.

    Patterns are paths, in which * stands for any one name that does not begin with a dot.
    """
    found, absent = [], []
    for pattern in patterns:
        paths = sorted(glob.glob(pattern)) if '*' in pattern else [pattern]
        for path in paths:
            try:
                one = seen(path)
                if one is not None:
                    found.append([path, *one])
            except FileNotFoundError:
                if path == pattern:
                    absent.append(path)
            except (OSError, UnicodeDecodeError):
                pass
    return {'found': found, 'absent': absent}


def seen(path):
    """Kind and content; None of a file that is too large to be told of unasked."""
    if path.endswith('/'):
        return 'names', sorted(os.listdir(path))
    there = os.lstat(path)
    if stat.S_ISLNK(there.st_mode):
        return 'link', os.readlink(path)
    if not stat.S_ISREG(there.st_mode):
        return 'other', None
    if there.st_size > MOST_BYTES:
        return None
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK), encoding='utf-8', newline='') as file:
        return 'file', file.read()
