import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRequirement } from '../../src/project/dependencies/requirement.js';
import { logicalLines } from '../../src/project/dependencies/requirements-file.js';
import { pythonFor } from '../../src/project/django-python.js';
import { envFileNames } from '../../src/project/env-file.js';
import { gitIndexNames } from '../../src/project/git-index.js';
import { readCommandLine } from '../../src/project/processes/command-line.js';
import { lasting } from '../../src/project/processes/dockerfiles.js';
import { parseProcfile } from '../../src/project/processes/procfile.js';
import { words } from '../../src/project/processes/words.js';
import { parsePython } from '../../src/project/python/parse.js';
import { stringValue } from '../../src/project/python/string-literal.js';
import { slug } from '../../src/project/slug.js';
import { fromPoetry, satisfies } from '../../src/project/version.js';

/** Pseudo-random text from an alphabet that parsers dislike; the same in every run. */
function* noise(count: number): Generator<string> {
  const alphabet = [
    'a',
    'Z',
    '0',
    '=',
    ':',
    ' ',
    '\t',
    '\n',
    '"',
    "'",
    '\\',
    '#',
    '$',
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    '-',
    '@',
    ';',
    '|',
    '\0',
    'é',
    '\u{1f680}',
  ];
  let state = 7;
  const next = (below: number): number => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return state % below;
  };
  for (let at = 0; at < count; at += 1)
    yield Array.from({ length: next(60) }, () => alphabet[next(alphabet.length)] ?? '').join('');
}

test('no parser throws, whatever it reads', () => {
  for (const text of noise(400)) {
    parseRequirement(text);
    logicalLines(text);
    parseProcfile(text);
    words(text);
    readCommandLine(text);
    envFileNames(text);
    parsePython('x.py', text);
    stringValue(text);
    satisfies('1.2', text);
    fromPoetry(text);
    pythonFor(text);
    gitIndexNames(Buffer.from(text));
    assert.match(slug(text), /^[a-z][a-z0-9-]{0,39}$/);
  }
});

const REQUIREMENTS: readonly (readonly [string, string | undefined])[] = [
  ['Django', 'django||'],
  ['Django==5.2.1', 'django|==5.2.1|'],
  ['django >= 4.2 , < 5', 'django|>=4.2,<5|'],
  ['Django~=5.1.0; python_version >= "3.10"', 'django|~=5.1.0|'],
  ['psycopg[binary, pool]>=3', 'psycopg|>=3|binary,pool'],
  ['zope.interface', 'zope-interface||'],
  ['Foo_Bar (>=1.0)', 'foo-bar|>=1.0|'],
  ['thing @ https://example.com/thing-1.0.tar.gz', 'thing||'],
  ['git+https://github.com/o/r.git@v1#egg=My_Thing', 'my-thing||'],
  ['git+ssh://git@github.com/o/some-repo.git', 'some-repo||'],
  ['https://example.com/pkg-name-1.2.3-py3-none-any.whl', 'pkg-name||'],
  ['x===1.0+local', 'x|===1.0+local|'],
  ['not a requirement', undefined],
  ['==5', undefined],
  ['', undefined],
];

test('requirements', () => {
  for (const [text, wanted] of REQUIREMENTS) {
    const found = parseRequirement(text);
    assert.equal(found === undefined ? undefined : `${found.name}|${found.specifier}|${found.extras.join(',')}`, wanted, text);
  }
});

test('words split as a shell does, or not at all', () => {
  const table: readonly (readonly [string, readonly string[] | undefined])[] = [
    ['a b  c', ['a', 'b', 'c']],
    [`a 'b c' "d \\" e"`, ['a', 'b c', 'd " e']],
    ['a\\ b', ['a b']],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's
    ['x --w ${WORKERS:-2}', ['x', '--w', '2']],
    ["''", ['']],
    ['a | b', undefined],
    ['a $B', undefined],
    ['a "`b`"', undefined],
    ["a 'open", undefined],
    ['', []],
  ];
  for (const [line, wanted] of table) assert.deepEqual(words(line), wanted, line);
});

test('command lines', () => {
  const table: readonly (readonly [string, string])[] = [
    ['gunicorn shop.wsgi', 'web gunicorn shop.wsgi'],
    ['python manage.py runserver 0.0.0.0:8000', 'web python manage.py runserver 0.0.0.0:8000'],
    ['cd app && exec uv run celery -A x worker -Q a,b', 'worker celery -A x worker -Q a,b'],
    ['/opt/venv/bin/celery beat --pidfile=/x --logfile y -A x', 'beat celery beat -A x'],
    ['celery multi start one two -c 4 -Q slow', 'worker celery worker -c 4 -Q slow'],
    ['python3 -u ./manage.py send', 'daemon python manage.py send'],
    ['python manage.py rqworker high low', 'worker python manage.py rqworker high low'],
    ['sh -c "python manage.py migrate && python manage.py qcluster"', 'worker python manage.py qcluster'],
    ['DEBUG=0 python manage.py migrate', 'once python manage.py migrate'],
    ['python -m celery -A x worker', 'worker celery -A x worker'],
    ['npm start', 'other npm start'],
  ];
  for (const [line, wanted] of table) {
    const found = readCommandLine(line);
    assert.equal(found === undefined ? '' : `${found.kind} ${found.argv.join(' ')}`, wanted, line);
  }
  assert.equal(readCommandLine('yes | python manage.py migrate'), undefined);
});

test('procfile', () => {
  assert.deepEqual(parseProcfile('# c\nweb: a b\n\nwork_er-1 :  c: d \nbad line\n'), [
    { name: 'web', command: 'a b', line: 2 },
    { name: 'work_er-1', command: 'c: d', line: 4 },
  ]);
});

test('env files', () => {
  assert.deepEqual(envFileNames('A=1\nexport B = "x"\n#C=1\n  # D=1\nE\nF: 1\n'), ['A', 'B', 'F']);
});

test('versions', () => {
  const yes: readonly (readonly [string, string])[] = [
    ['5.2', '>=5,<6'],
    ['5.2.1', '~=5.2.0'],
    ['5.9', '~=5.2'],
    ['3.7.4', '==3.7.*'],
    ['4.0', '!=4.1'],
    ['4', '==4.0.0'],
    ['1.0', ''],
  ];
  const no: readonly (readonly [string, string])[] = [
    ['6.0', '>=5,<6'],
    ['5.3', '~=5.2.0'],
    ['6.0', '~=5.2'],
    ['3.8', '==3.7.*'],
    ['4.1', '!=4.1'],
    ['3.9', '>3.9'],
  ];
  for (const [version, specifier] of yes) assert.ok(satisfies(version, specifier), `${version} ${specifier}`);
  for (const [version, specifier] of no) assert.ok(!satisfies(version, specifier), `${version} ${specifier}`);
  const poetry: readonly (readonly [string, string | undefined])[] = [
    ['^3.10', '>=3.10,<4'],
    ['^0.2.3', '>=0.2.3,<0.3'],
    ['~3.9', '>=3.9,<3.10'],
    ['>=3.8,<4.0', '>=3.8,<4.0'],
    ['>=3.8 <4', '>=3.8,<4'],
    ['*', ''],
    ['3.11', '==3.11'],
    ['^2 || ^3', undefined],
  ];
  for (const [constraint, wanted] of poetry) assert.equal(fromPoetry(constraint), wanted, constraint);
});

test('the Pythons of a Django', () => {
  const table: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ['1.11.29', '>=3.4,<3.8', '<3.8'],
    ['4.2.14', '>=3.8', '<3.13'],
    ['6.0.4', '>=3.12', '<3.15'],
    ['>=6.0,<6.1', '>=3.12', '<3.15'],
    ['~=5.1.0', '>=3.10', '<3.14'],
    ['==5.2.*', '>=3.10', '<3.15'],
    ['>=4.2', '>=3.8', undefined],
    ['6.1.1', '>=3.12', '<3.15'],
    ['2028.1', '>=3.12', undefined],
    ['0.96', undefined, undefined],
  ];
  for (const [django, required, advised] of table) {
    assert.deepEqual([pythonFor(django)?.required, pythonFor(django)?.advised], [required, advised], django);
  }
});

test('python string literals', () => {
  const table: readonly (readonly [string, string])[] = [
    ['"a\\nb"', 'a\nb'],
    ["r'a\\nb'", 'a\\nb'],
    ['"""x"y"""', 'x"y'],
    ["b'x'", 'x'],
    ["'\\x41\\u00e9\\''", "Aé'"],
    ["'\\d'", '\\d'],
  ];
  for (const [literal, wanted] of table) assert.equal(stringValue(literal), wanted, literal);
});

test('names of apps', () => {
  const table: readonly (readonly [string, string])[] = [
    ['My Shop!', 'my-shop'],
    ['Äpfel_2', 'apfel-2'],
    ['2024-site', 'site'],
    ['日本', 'app'],
    ['', 'app'],
    ['--', 'app'],
  ];
  for (const [name, wanted] of table) assert.equal(slug(name), wanted, name);
});

test('of a line, what goes on running', () => {
  for (const [line, expected] of [
    ['gunicorn shop.wsgi', ['gunicorn shop.wsgi']],
    ['python manage.py migrate && gunicorn shop.wsgi', ['gunicorn shop.wsgi']],
    ['celery -A shop worker & gunicorn shop.wsgi', ['celery -A shop worker', 'gunicorn shop.wsgi']],
    ['a 2>&1 & b; c ||| d && e', ['a 2>&1', 'c', 'e']],
    ['a & b & wait -n', ['a', 'b']],
  ] as const) {
    assert.deepEqual(lasting(line), expected, line);
  }
});
