"""Which of the packages of a node_modules folder are worth collecting, where a project serves that folder itself."""
import io
import json
import os
import re

# A folder with fewer files is collected as it is.
MANY = 2000
_TEXT = re.compile(r'\.(html?|jinja2?|j2|py|js|mjs|ts|css|s[ac]ss|less|txt|json)$', re.IGNORECASE)
_SKIPPED = frozenset(['node_modules', '.git', '__pycache__', 'locale'])
_LARGEST = 500000


def unused(folder):
    """Names of packages in the node_modules `folder` that are there only because others need them: package.json does not ask for them and no file of the project
    names them. What is bundled is served from its bundle; to read and hash tens of thousands of files takes minutes. Empty for a small folder.
    """
    packages = _packages(folder)
    if sum(len(names) for package in packages for _, _, names in os.walk(os.path.join(folder, package))) <= MANY:
        return frozenset()
    asked = _asked_for(os.path.join(os.path.dirname(folder), 'package.json'))
    others = [package for package in packages if package not in asked]
    text = _text_below(os.path.dirname(folder))
    return frozenset(package for package in others if package + '/' not in text)


def package_of(path):
    """`@scope/name` or `name`, of a path below node_modules."""
    parts = path.replace(os.sep, '/').split('/')
    return '/'.join(parts[: 2 if parts[0].startswith('@') else 1])


def _packages(folder):
    found = []
    for name in sorted(os.listdir(folder)):
        if name.startswith('@'):
            found.extend('%s/%s' % (name, inner) for inner in sorted(os.listdir(os.path.join(folder, name))))
        else:
            found.append(name)
    return [name for name in found if os.path.isdir(os.path.join(folder, name))]


def _asked_for(path):
    try:
        with io.open(path, encoding='utf-8') as file:
            manifest = json.load(file)
    except (OSError, ValueError):
        return frozenset()
    kinds = ('dependencies', 'devDependencies', 'optionalDependencies')
    return frozenset(name for kind in kinds for name in (manifest.get(kind) or {}))


def _text_below(root):
    texts = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in _SKIPPED]
        for name in names:
            path = os.path.join(folder, name)
            if not _TEXT.search(name) or name in ('package-lock.json', 'package.json') or os.path.getsize(path) > _LARGEST:
                continue
            with io.open(path, encoding='utf-8', errors='replace') as file:
                texts.append(file.read())
    return '\n'.join(texts)
