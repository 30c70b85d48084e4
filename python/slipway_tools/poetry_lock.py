"""Marks a poetry.lock as belonging to the pyproject.toml beside it, whatever has changed in that since: run by Poetry's own Python, in the project's folder."""
import sys
from pathlib import Path

from poetry.factory import Factory


def main():
    """Write the hash that Poetry compares into the lock file. Raises what Poetry raises for files it cannot read."""
    locker = Factory().create_poetry(Path.cwd()).locker
    path = Path(locker.lock)
    text = path.read_text(encoding='utf-8')
    path.write_text(text.replace(locker.lock_data['metadata']['content-hash'], locker._content_hash), encoding='utf-8')


if __name__ == '__main__':
    sys.exit(main())
