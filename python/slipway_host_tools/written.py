"""What Slipway has written, and what somebody has changed since: written.py record|drift|keep STATE < JSON

JSON: {"release": version of the live one, "patterns": [glob, …], "code": folder, "units": glob of its unit files}. STATE is the app's folder;
the record is its `written.json`: path to hash. One of another release, where a run ended before it could note its own, tells nothing.
record  notes every file that the patterns name, as it is now
drift   prints JSON: [{"path", "how"}], how being changed, missing or added (drop-ins of units, files beside the code)
keep    as drift, and copies what was changed or added to a folder of STATE, whose path is "kept"
"""

import glob
import hashlib
import json
import os
import shutil
import sys
import time


def main():
    verb, state = sys.argv[1:]
    wish = json.load(sys.stdin)
    record = os.path.join(state, "written.json")
    if verb == "record":
        return note(record, wish)
    found = drift(record, wish)
    kept = keep(state, found) if verb == "keep" and found else None
    print(json.dumps({"drift": found, "kept": kept}))
    return 0


def note(record, wish):
    text = json.dumps({"release": wish["release"], "files": hashes(wish["patterns"]), "at": time.time()}, sort_keys=True)
    with open(record + ".new", "w", encoding="utf-8") as file:
        os.chmod(record + ".new", 0o600)
        file.write(text)
    os.replace(record + ".new", record)
    return 0


def hashes(patterns):
    found = {}
    for pattern in patterns:
        for path in glob.glob(pattern, recursive=True):
            if os.path.isfile(path):
                found[path] = digest(path)
    return found


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def drift(record, wish):
    try:
        with open(record, encoding="utf-8") as file:
            known = json.load(file)
    except (FileNotFoundError, ValueError):
        return []
    if known.get("release", wish["release"]) != wish["release"]:
        return []
    found = []
    for path, was in sorted(known["files"].items()):
        if not os.path.isfile(path):
            found.append({"path": path, "how": "missing"})
        elif digest(path) != was:
            found.append({"path": path, "how": "changed"})
    for path in sorted(glob.glob(wish["units"])):
        found += [{"path": each, "how": "added"} for each in sorted(glob.glob(path + ".d/*.conf")) if each not in known["files"]]
    return found + changed_code(wish["code"], known["at"])


def changed_code(folder, since):
    """A file that was written or made after the release was sealed; links between releases leave this time as it is."""
    found = []
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            path = os.path.join(at, name)
            if not os.path.islink(path) and os.path.getmtime(path) > since:
                found.append({"path": path, "how": "changed"})
    return found


def keep(state, found):
    folder = os.path.join(state, "changed-by-hand", time.strftime("%Y%m%d-%H%M%S", time.gmtime()))
    os.makedirs(folder, mode=0o700, exist_ok=True)
    for each in found:
        if each["how"] != "missing":
            to = folder + each["path"]
            os.makedirs(os.path.dirname(to), mode=0o700, exist_ok=True)
            shutil.copy2(each["path"], to)
    return folder


if __name__ == "__main__":
    sys.exit(main())
