import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { toMarkdown } from '../../src/findings/markdown.js';
import type { Finding } from '../../src/findings/rule.js';
import { RULES } from '../../src/findings/rules.js';
import { toSarif } from '../../src/findings/sarif.js';
import { ROOT } from '../support/slipway.js';

const finding = (part: Partial<Finding>): Finding => ({
  id: 'debug.on',
  severity: 'error',
  message: 'DEBUG is True',
  hint: 'DEBUG = False',
  where: 'shop/settings.py:12',
  handled: false,
  ...part,
});

test('SARIF names rule, level, file and line, and what is handled as suppressed', () => {
  const log = toSarif(
    [finding({}), finding({ id: 'errors.nobody-told', severity: 'info', where: '', handled: true })],
    '/work/my shop',
  );
  const [run] = log.runs;
  assert.ok(run !== undefined);
  assert.equal(log.version, '2.1.0');
  assert.equal(run.originalUriBaseIds.SRCROOT.uri, 'file:///work/my%20shop/');
  const [first, second] = run.results;
  assert.ok(first !== undefined && second !== undefined);
  assert.deepEqual(first.locations, [
    { physicalLocation: { artifactLocation: { uri: 'shop/settings.py', uriBaseId: 'SRCROOT' }, region: { startLine: 12 } } },
  ]);
  assert.equal(first.level, 'error');
  assert.equal(first.suppressions, undefined);
  assert.equal(second.level, 'note');
  assert.equal(second.suppressions?.length, 1);
  assert.deepEqual(second.locations, [{ physicalLocation: { artifactLocation: { uri: 'manage.py', uriBaseId: 'SRCROOT' } } }]);
  for (const result of run.results) assert.equal(run.tool.driver.rules[result.ruleIndex]?.id, result.ruleId);
});

test('In SARIF a finding keeps its fingerprint when lines above it change', () => {
  const of = (where: string) => toSarif([finding({ where })], '/work/shop').runs[0]?.results[0]?.partialFingerprints;
  assert.deepEqual(of('shop/settings.py:12'), of('shop/settings.py:40'));
});

test('A file name with blanks and percent signs is a URI in SARIF', () => {
  const [result] = toSarif([finding({ where: 'my shop/100%.py:3' })], '/work/shop').runs[0]?.results ?? [];
  assert.equal(result?.locations[0]?.physicalLocation.artifactLocation.uri, 'my%20shop/100%25.py');
});

test('A project inside a repository is named from the repository, as code scanning reads it', () => {
  const [run] = toSarif([finding({}), finding({ where: '' })], '/work/shop', { below: 'src/web', fallback: 'run.py' }).runs;
  assert.deepEqual(
    run?.results.map(({ locations }) => locations[0]?.physicalLocation.artifactLocation.uri),
    ['src/web/shop/settings.py', 'src/web/run.py'],
  );
});

test('Markdown for a pull request: open findings in a table, the rest folded away', () => {
  const markdown = toMarkdown({
    app: 'shop',
    findings: [finding({}), finding({ id: 'hosts.any', severity: 'warning', message: 'any host', where: '', handled: true })],
    overrides: [{ setting: 'DEBUG', reason: 'off' }],
    warnings: [{ message: 'no Redis here', hint: 'slipway doctor' }],
  });
  assert.equal(
    markdown,
    `### shop: 1 error · 1 held right by Slipway

|  | Finding | Where | Mend |
| --- | --- | --- | --- |
| ❌ error | DEBUG is True <sub>\`debug.on\`</sub> | \`shop/settings.py:12\` | \`DEBUG = False\` |

- no Redis here: \`slipway doctor\`

<details><summary>Wrong in the project, held right by Slipway (1)</summary>

- any host

</details>

<details><summary>Settings that Slipway holds (1)</summary>

- \`DEBUG\`: off

</details>
`,
  );
});

test('Nothing that a project is called becomes markup of a pull request', () => {
  const evil = '![x](https://evil.example) <b> @all | `code` ``';
  const markdown = toMarkdown({
    app: evil,
    findings: [finding({ message: evil, hint: evil, where: evil })],
    overrides: [],
    warnings: [],
  });
  const row = markdown.split('\n').find((line) => line.includes('error</td>') || line.startsWith('| ❌')) ?? '';
  const cells = row.split(/(?<!\\)\|/);
  assert.equal(cells.length, 6);
  assert.ok(!/!\[|<b>|@all/.test(markdown.replaceAll(/(`+) .*? \1/g, '')), markdown);
});

test('Nothing found wrong is said so', () => {
  assert.equal(toMarkdown({ app: 'shop', findings: [], overrides: [], warnings: [] }), '### shop: nothing found wrong\n');
});

test('Every finding has its page, and the pages are as the rules have them', () => {
  execFileSync(process.execPath, [join(ROOT, 'scripts/generate-findings.mjs'), '--check'], { stdio: 'pipe' });
  const list = readFileSync(join(ROOT, 'docs/findings/README.md'), 'utf8');
  const pages = readdirSync(join(ROOT, 'docs/findings')).filter((name) => name !== 'README.md');
  assert.equal(pages.length, RULES.length);
  for (const { id } of RULES) assert.ok(list.includes(`(${id}.md)`), id);
});
