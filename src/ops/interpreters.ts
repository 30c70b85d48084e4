import type { Command } from '../core/command.js';
import { cmd } from '../core/command.js';

/** A Python that is installed on the host. Never a shim, never the one of a virtual environment. */
export interface Interpreter {
  /** Absolute and real. */
  readonly path: string;
  /** As `sys.version_info` tells it: `3.12.1`, `3.15.0rc1`. */
  readonly version: string;
  /** `cpython`, `pypy`, … */
  readonly implementation: string;
  /** True where `python -m venv` works with pip in it (Debian splits this off as python3-venv). */
  readonly venv: boolean;
  /** True where `Python.h` is there, so that extensions can be compiled. */
  readonly headers: boolean;
  /** Standard modules it was built without, of those a web application needs: `ssl`, `sqlite3`, … */
  readonly lacks: readonly string[];
  readonly freeThreaded: boolean;
}

/** Where a Python can be had from on this host. */
export interface PythonSystem {
  /** os-release's ID and VERSION_ID: `debian` `13`, `ubuntu` `24.04`; '' where it says nothing. */
  readonly id: string;
  readonly version: string;
  readonly pyenv: boolean;
  readonly uv: boolean;
}

const MARK = '@@PYTHON@@';
const SYSTEM = '@@SYSTEM@@';

/**
 * Runs on Python 2 as well, so that an old `python` answers instead of complaining. One write, so that lines of several do not mix. Every
 * interpreter of a machine is asked: without `site` and `json`, which load slower than all the rest, it is done in a third of the time.
 */
const PROBE = `
import sys, os
def has(name):
    try:
        __import__(name)
        return True
    except Exception:
        return False
library = os.path.dirname(os.__file__)
def there(name):
    return os.path.exists(os.path.join(library, name, "__init__.py"))
def text(value):
    pairs = bytearray(value.encode("utf-16-be", "surrogatepass"))
    return '"' + "".join("\\\\u%02x%02x" % (pairs[at], pairs[at + 1]) for at in range(0, len(pairs), 2)) + '"'
def words(values):
    return "[" + ", ".join(text(value) for value in values) + "]"
def truth(value):
    return "true" if value else "false"
v = sys.version_info
name = getattr(getattr(sys, "implementation", None), "name", "cpython")
flags = getattr(sys, "abiflags", "")
folder = os.path.dirname(os.path.abspath(sys.executable))
# Before 3.14 it is site that makes a virtual environment of an interpreter; before venv, virtualenv brought a site of its own.
virtual = any(os.path.exists(os.path.join(at, "pyvenv.cfg")) for at in (folder, os.path.dirname(folder)))
virtual = virtual or os.path.exists(os.path.join(library, "orig-prefix.txt"))
def headers():
    folder = os.path.join(getattr(sys, "base_prefix", sys.prefix), "include", "python%d.%d%s" % (v[0], v[1], flags))
    try:
        if name != "cpython":
            import sysconfig
            folder = sysconfig.get_path("include")
    except Exception:
        return False
    return os.path.exists(os.path.join(folder, "Python.h"))
tag = {"alpha": "a", "beta": "b", "candidate": "rc"}.get(v[3], "")
# Of a module of the standard library the compiled part is what a build can lack, and the rest costs time to load.
parts = (("ssl", "_ssl"), ("sqlite3", "_sqlite3"), ("ctypes", "_ctypes"), ("zlib", "zlib"), ("bz2", "_bz2"), ("lzma", "_lzma"))
sys.stdout.write("${MARK}{" + ", ".join('"%s": %s' % pair for pair in (
    ("path", text(os.path.realpath(sys.executable))),
    ("version", text("%d.%d.%d" % v[:3] + (tag + str(v[4]) if tag else ""))),
    ("implementation", text(name)),
    ("virtual", truth(virtual)),
    ("venv", truth(there("venv") and there("ensurepip"))),
    ("headers", truth(headers())),
    ("lacks", words([module for module, part in parts if not has(part if name == "cpython" else module)])),
    ("freeThreaded", truth("t" in flags)),
)) + "}\\n")
`;

/**
 * Shims of pyenv, asdf and mise start whatever the folder they are started in says: they are not interpreters. All are asked at once, and
 * each has long: on a busy machine one that is there must not be missed.
 */
const SCRIPT = `
set -u
probe=$1
folders=:
seen=
known() {
  set -f; IFS=:
  for one in $seen; do [ "$one" -ef "$1" ] && { set +f; IFS=$old_ifs; return 0; }; done
  set +f; IFS=$old_ifs
  return 1
}
look() {
  [ -f "$1" ] && [ -x "$1" ] || return
  known "$1" && return
  seen="$seen$1:"
  if command -v timeout >/dev/null 2>&1; then timeout 40 "$1" -E -s -S -c "$probe" 2>/dev/null &
  else "$1" -E -s -S -c "$probe" 2>/dev/null & fi
}
folder() {
  case "$1" in */shims) return ;; esac
  [ -d "$1" ] || return
  real=$(cd -P "$1" 2>/dev/null && pwd -P) || return
  case "$folders" in *":$real:"*) return ;; esac
  folders="$folders$real:"
  for name in python3 python3.6 python3.7 python3.8 python3.9 python3.1[0-9] python; do for file in "$real"/$name; do look "$file"; done; done
}
old_ifs=$IFS; IFS=:
set -f; set -- $PATH; set +f
IFS=$old_ifs
for dir in "$@"; do folder "$dir"; done
for dir in "\${PYENV_ROOT:-$HOME/.pyenv}"/versions/*/bin /usr/bin /usr/local/bin /opt/*/bin \\
  "\${UV_PYTHON_INSTALL_DIR:-\${XDG_DATA_HOME:-$HOME/.local/share}/uv/python}"/*/bin; do folder "$dir"; done
wait
for key in ID VERSION_ID; do printf '${SYSTEM}%s=%s\\n' "$key" "$(sed -n "s/^$key=//p" /etc/os-release 2>/dev/null | tr -d '"' | head -n 1)"; done
command -v pyenv >/dev/null 2>&1 || [ -x "\${PYENV_ROOT:-$HOME/.pyenv}/bin/pyenv" ] && printf '${SYSTEM}pyenv=yes\\n'
command -v uv >/dev/null 2>&1 && printf '${SYSTEM}uv=yes\\n'
exit 0
`;

/**
 * Asks the host for every Python it has: on PATH, in pyenv's and uv's folders, in the usual places of distributions. Exits 0 also when there is none.
 * @param folder where uv keeps its own, in place of the user's
 */
export const interpreterQuery = (folder?: string): Command => ({
  ...cmd('sh', '-c', SCRIPT, 'sh', PROBE),
  ...(folder === undefined ? {} : { env: { UV_PYTHON_INSTALL_DIR: folder } }),
  timeoutSeconds: 120,
});

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

const isStrings = (value: unknown): value is string[] => Array.isArray(value) && value.every((item) => typeof item === 'string');

function parseLine(line: string): Interpreter | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(line.slice(MARK.length));
  } catch {
    return undefined;
  }
  if (!isRecord(answer)) return undefined;
  const { path, version, implementation, virtual, venv, headers, lacks, freeThreaded } = answer;
  if (typeof path !== 'string' || typeof version !== 'string' || typeof implementation !== 'string' || !isStrings(lacks))
    return undefined;
  if (virtual === true || !version.startsWith('3.')) return undefined;
  return {
    path,
    version,
    implementation,
    venv: venv === true,
    headers: headers === true,
    lacks,
    freeThreaded: freeThreaded === true,
  };
}

/** The answer of `interpreterQuery`, one entry a real path. Virtual environments and Python 2 are left out. */
export function parseInterpreters(stdout: string): Interpreter[] {
  const byPath = new Map<string, Interpreter>();
  for (const line of stdout.split('\n').filter((text) => text.startsWith(MARK))) {
    const interpreter = parseLine(line);
    if (interpreter !== undefined) byPath.set(interpreter.path, interpreter);
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What the same answer says about the host itself. */
export function parsePythonSystem(stdout: string): PythonSystem {
  const facts = new Map(
    stdout
      .split('\n')
      .filter((line) => line.startsWith(SYSTEM))
      .map((line): [string, string] => {
        const [key = '', value = ''] = line.slice(SYSTEM.length).split('=', 2);
        return [key, value];
      }),
  );
  return { id: facts.get('ID') ?? '', version: facts.get('VERSION_ID') ?? '', pyenv: facts.has('pyenv'), uv: facts.has('uv') };
}
