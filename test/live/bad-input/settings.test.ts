import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { example } from '../../support/live-app.js';
import { changeFiles, type Serving, serving } from '../../support/serving.js';

/** Settings that do not load: the project's own frames, the line, the name, and the mend. */
let app: Serving;

before(async () => {
  app = await serving(example('allotment'), 'Mill Lane');
});
after(() => app.end());

const SETTINGS = 'allotment/settings.py';
const first = (line: string) => (text: string) => `${line}\n${text}`;
const last = (line: string) => (text: string) => `${text}\n${line}\n`;

test('a variable that no placeholder can stand for is named', async () => {
  const error = await app.refuses({
    change: { [SETTINGS]: last('import os\nLIMITS = {"eu": 1}\nLIMIT = LIMITS[os.environ["SHOP_REGION"]]') },
    exit: 4,
    code: 'VARIABLE_MISSING',
    message: /SHOP_REGION/,
    hint: /--env SHOP_REGION=/,
  });
  assert.match(error.detail + error.message, /allotment\/settings\.py/);
});

test('the variable given, it comes up', async () => {
  const undo = changeFiles(app.project.directory, {
    [SETTINGS]: last('import os\nLIMITS = {"eu": 1}\nLIMIT = LIMITS[os.environ["SHOP_REGION"]]'),
  });
  const ran = await app.project.run(['up', '--json', '--env', 'SHOP_REGION=eu']);
  assert.equal(ran.code, 0, JSON.stringify(ran.result));
  undo();
  assert.equal((await app.project.up())['changed'], true);
});

test('a syntax error: file and line', async () => {
  const error = await app.refuses({
    change: { [SETTINGS]: first('def broken(:') },
    exit: 4,
    code: 'SYNTAX_ERROR',
    message: /allotment\/settings\.py:1/,
    detail: /def broken\(:/,
  });
  assert.doesNotMatch(error.detail, /importlib|django\/conf/, 'frames that are not the project’s are cut');
});

test('an error of any other kind: the frames of the project', async () => {
  const error = await app.refuses({
    change: { 'allotment/limits.py': 'WORKERS = int("many")\n', [SETTINGS]: last('from allotment.limits import WORKERS') },
    exit: 4,
    code: 'SETTINGS_FAILED',
    message: /invalid literal for int/,
    detail: /allotment\/settings\.py[\s\S]*allotment\/limits\.py[\s\S]*WORKERS = int\("many"\)/,
    hint: /allotment\/limits\.py:1/,
  });
  assert.doesNotMatch(error.detail, /importlib|site-packages/);
});

test('a module that is not installed', async () => {
  await app.refuses({
    change: { [SETTINGS]: last('import shop_of_another_name.conf') },
    exit: 4,
    code: 'MODULE_MISSING',
    message: /allotment\/settings\.py.*shop.of.another.name/,
    hint: /requirements\.txt/,
  });
});

test('settings that end the interpreter', async () => {
  await app.refuses({
    change: { [SETTINGS]: last('import sys\nsys.exit("set up first")') },
    exit: 4,
    code: 'SETTINGS_EXIT',
    message: /settings\.py:\d+.*set up first/,
  });
});

const LOCAL = last('from .local_settings import SHOP_NAME');

test('a file that is missing is named; `files:` gives it', async () => {
  await app.refuses({
    change: { [SETTINGS]: LOCAL },
    exit: 4,
    code: 'FILE_MISSING',
    message: /allotment\/settings\.py:\d+ needs.*local_settings/,
    hint: /files: \{allotment\/local_settings\.py: .*\} in slipway\.yml/,
  });
  const undo = changeFiles(app.project.directory, {
    [SETTINGS]: LOCAL,
    'deploy/local.py': 'SHOP_NAME = "ours"\n',
    'slipway.yml': 'files: {allotment/local_settings.py: deploy/local.py}\n',
  });
  assert.equal((await app.project.up())['changed'], true);
  undo();
  assert.equal((await app.project.up())['changed'], true);
});

test('a file that is missing and has an example: on this machine that stands in, and is told', async () => {
  const undo = changeFiles(app.project.directory, {
    [SETTINGS]: LOCAL,
    'allotment/local_settings.py.example': 'SHOP_NAME = "ours"\n',
  });
  const { warnings } = await app.project.up();
  assert.match(JSON.stringify(warnings), /local_settings\.py.*local_settings\.py\.example/);
  undo();
  assert.equal((await app.project.up())['changed'], true);
});

test('a data file that settings open', async () => {
  await app.refuses({
    change: { [SETTINGS]: last('import json\nKEYS = json.load(open(BASE_DIR / "keys.json"))') },
    exit: 4,
    code: 'FILE_MISSING',
    message: /keys\.json/,
  });
});
