"""Compresses a release's static files beside the plain ones, and keeps hashed files of earlier releases. Runs on the toolbox's Python (3.8 or newer, with brotli).

compress.py --tree TREE [--like EARLIER_TREE]… [--kept KEPT [--kept-days N] [--kept-bytes N]]

TREE/plain holds the files, below it at their URL paths. Written: TREE/br and TREE/gz with the same names, for text that shrinks by 5 % or more,
and TREE/index.json. What TREE itself or an EARLIER_TREE has compressed already, by content, is hard-linked. br and gz are made aside and
renamed, so that a run that was killed leaves nothing half-written; the next one starts over.

KEPT gathers (hard links) the files whose names hold a hash, for pages that were loaded before a switch; those that no release of the last N days
had (default 30), and the oldest beyond N bytes (default 500 MB), are removed. It must be filled before the switch.

Prints {"files", "bytes", "compressedBytes", "reused", "kept", "pruned", "seconds"}; compressedBytes is what a browser that takes brotli loads.
"""

import argparse
import hashlib
import json
import os
import shutil
import stat
import sys
import time
import zlib
from concurrent.futures import ThreadPoolExecutor

import brotli

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from kept_files import keep  # noqa: E402
from linking import link_or_copy, write_json  # noqa: E402

TEXT = frozenset(
    "css js mjs cjs json map svg html htm txt md xml xsl csv ics vtt rss atom wasm ttf otf eot ico bmp webmanifest geojson jsonld topojson htc".split()
)
SMALLEST = 200
LARGEST = 128 * 1024 * 1024
WORTH = 0.95
ENCODINGS = ("br", "gz")
# (quality, bytes it compresses in half a second on one core). 11 is a tenth smaller than 8 and takes forty times as long.
QUALITIES = ((11, 300000), (10, 1000000), (8, 20000000))
LAST_QUALITY = 5


def main():
    options = parse()
    started = time.time()
    files = plain_files(os.path.join(options.tree, "plain"))
    earlier = earlier_files([options.tree] + options.like)
    index, reused = compress_all(options.tree, files, earlier)
    result = {
        "files": len(index),
        "bytes": sum(entry["size"] for entry in index.values()),
        "compressedBytes": sum(entry.get("br", entry.get("gz", entry["size"])) for entry in index.values()),
        "reused": reused,
    }
    if options.kept:
        result.update(keep(options.tree, index, options.kept, options.kept_days, options.kept_bytes))
    result["seconds"] = round(time.time() - started, 3)
    print(json.dumps(result))


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tree", required=True)
    parser.add_argument("--like", action="append", default=[])
    parser.add_argument("--kept")
    parser.add_argument("--kept-days", type=float, default=30)
    parser.add_argument("--kept-bytes", type=int, default=500 * 1000 * 1000)
    return parser.parse_args()


def plain_files(plain):
    """{path below plain: stat}, regular files only; a link to one counts (collectstatic --link), a folder is not followed through one."""
    files = {}
    for folder, _, names in os.walk(plain):
        for name in names:
            path = os.path.join(folder, name)
            try:
                status = os.stat(path)
            except OSError:
                continue  # a dangling link serves nothing
            if stat.S_ISREG(status.st_mode):
                files[os.path.relpath(path, plain)] = status
    return files


def earlier_files(trees):
    """{content hash: {encoding: path of a file that is it, compressed}}, with an empty entry for what did not shrink."""
    known = {}
    for tree in trees:
        for path, entry in read_index(tree).items():
            made = {encoding: os.path.join(tree, encoding, path) for encoding in ENCODINGS if encoding in entry}
            if all(os.path.exists(one) for one in made.values()):
                known.setdefault(entry["hash"], made)
    return known


def read_index(tree):
    try:
        with open(os.path.join(tree, "index.json"), encoding="utf-8") as file:
            return json.load(file)["files"]
    except (OSError, ValueError, KeyError):
        return {}


def compress_all(tree, files, earlier):
    """Fills br/ and gz/; returns the index and how many files were compressed before."""
    aside = {encoding: os.path.join(tree, "." + encoding + ".new") for encoding in ENCODINGS}
    for folder in aside.values():
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
    index, wanted, reused = {}, [], 0
    for path, status in sorted(files.items()):
        entry = {"size": status.st_size}
        index[path] = entry
        entry["hash"] = content_hash(os.path.join(tree, "plain", path))
        if not compressible(path, status.st_size):
            continue
        made = earlier.get(entry["hash"])
        if made is None:
            wanted.append(path)
            continue
        reused += 1
        for encoding, source in made.items():
            link_or_copy(source, os.path.join(aside[encoding], path))
            entry[encoding] = os.path.getsize(source)
    compress_new(tree, wanted, files, index, aside)
    for encoding, folder in aside.items():
        replace_folder(folder, os.path.join(tree, encoding))
    write_json(os.path.join(tree, "index.json"), {"files": index})
    return index, reused


def compress_new(tree, wanted, files, index, aside):
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quality = quality_for(sum(files[path].st_size for path in wanted), cores)

    def one(path):
        with open(os.path.join(tree, "plain", path), "rb") as file:
            content = file.read()
        for encoding, compressed in (("br", to_brotli(content, path, quality)), ("gz", to_gzip(content))):
            if len(compressed) <= len(content) * WORTH:
                write_like(os.path.join(aside[encoding], path), compressed, files[path])
                index[path][encoding] = len(compressed)

    # Both libraries let other threads run while they compress.
    with ThreadPoolExecutor(cores) as pool:
        for _ in pool.map(one, wanted):
            pass


def quality_for(size, cores):
    return next((quality for quality, budget in QUALITIES if size <= budget * cores), LAST_QUALITY)


def compressible(path, size):
    return SMALLEST <= size <= LARGEST and os.path.splitext(path)[1][1:].lower() in TEXT


def content_hash(path):
    digest = hashlib.blake2b(digest_size=16)
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def to_brotli(content, path, quality):
    # Source maps are large and only developers load them.
    fast = path.endswith(".map") or len(content) > 4000000
    return brotli.compress(content, quality=min(quality, LAST_QUALITY) if fast else quality)


def to_gzip(content):
    """Without name and time, so that the same content gives the same bytes."""
    compressor = zlib.compressobj(6, zlib.DEFLATED, 31)
    return compressor.compress(content) + compressor.flush()


def write_like(path, content, status):
    """With the plain file's permissions, for the server's user, and its time, for If-Modified-Since."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content)
    os.chmod(path, stat.S_IMODE(status.st_mode) & 0o666)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def replace_folder(new, final):
    old = final + ".old"
    shutil.rmtree(old, ignore_errors=True)
    if os.path.isdir(final):
        os.rename(final, old)
    os.rename(new, final)
    shutil.rmtree(old, ignore_errors=True)


if __name__ == "__main__":
    main()
