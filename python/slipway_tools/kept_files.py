"""The tree that gathers hashed files of earlier releases: who loaded a page before a switch still finds its files."""

import json
import os
import re
import time

from linking import link_or_copy, remove, write_json

# Wider than what the edge calls immutable: a name too many costs a hard link.
HASHED = re.compile(r"[.-](?=[\w-]*(?:\d|[a-z][A-Z]|[A-Z][a-z]))[\w-]{8,}(\.\w+)*$")
TREES = ("plain", "br", "gz")
DAY = 86400


def keep(tree, index, kept, days, most_bytes, now=None):
    """Links this release's hashed files into `kept` and removes what is too old or too much. Returns {"kept", "pruned"}."""
    now = time.time() if now is None else now
    os.makedirs(os.path.join(kept, "plain"), exist_ok=True)
    seen = read_seen(kept, now)
    current = {path: entry for path, entry in index.items() if HASHED.search(os.path.basename(path))}
    for path, entry in current.items():
        if seen.get(path, {}).get("hash") != entry["hash"] or not os.path.exists(os.path.join(kept, "plain", path)):
            add(tree, kept, path, entry)
        seen[path] = {"hash": entry["hash"], "seen": now, "size": sum(entry.get(name, 0) for name in ("size", "br", "gz"))}
    write_json(os.path.join(kept, "index.json"), {"files": seen})
    pruned = too_many(seen, current, now - days * DAY, most_bytes)
    for path in pruned:
        for name in TREES:
            remove_and_tidy(os.path.join(kept, name), path)
        del seen[path]
    if pruned:
        write_json(os.path.join(kept, "index.json"), {"files": seen})
    return {"kept": len(seen), "pruned": len(pruned)}


def add(tree, kept, path, entry):
    # The plain one last: a compressed one must never be served for other content than the plain one's.
    for name in ("br", "gz", "plain"):
        target = os.path.join(kept, name, path)
        if name == "plain" or name in entry:
            link_or_copy(os.path.join(tree, name, path), target)
        else:
            remove(target)


def read_seen(kept, now):
    """{path: {hash, seen, size}}; where the record is lost, what lies there counts as seen now."""
    try:
        with open(os.path.join(kept, "index.json"), encoding="utf-8") as file:
            return json.load(file)["files"]
    except (OSError, ValueError, KeyError):
        pass
    plain = os.path.join(kept, "plain")
    found = {}
    for folder, _, names in os.walk(plain):
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), plain)
            found[path] = {"hash": "", "seen": now, "size": os.path.getsize(os.path.join(plain, path))}
    return found


def too_many(seen, current, oldest, most_bytes):
    """What no recent release had, then the longest unseen until the rest fits; never a file of the current release."""
    candidates = sorted((path for path in seen if path not in current), key=lambda path: seen[path]["seen"])
    total = sum(entry["size"] for entry in seen.values())
    pruned = []
    for path in candidates:
        if seen[path]["seen"] >= oldest and total <= most_bytes:
            break
        total -= seen[path]["size"]
        pruned.append(path)
    return pruned


def remove_and_tidy(root, path):
    remove(os.path.join(root, path))
    folder = os.path.dirname(path)
    while folder:
        try:
            os.rmdir(os.path.join(root, folder))
        except OSError:
            return
        folder = os.path.dirname(folder)
