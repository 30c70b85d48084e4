import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillBlanks } from './proposed.js';
import type { Row } from './row.js';
import { absent } from './row.js';
import { markdown, merged } from './table.js';

const row = (project: string, more: Partial<Row> = {}): Row => ({
  ...absent(project, `someone/${project}`),
  commit: '0123456789abcdef',
  result: 'live',
  seconds: 30,
  tried: '2026-01-02',
  ...more,
});

test('rows of a partial run take their places among the earlier ones, in the order of the ladder', () => {
  const earlier = [row('a', { result: 'failed' }), row('c')];
  assert.deepEqual(
    merged(earlier, [row('b'), row('a')], ['a', 'b', 'c', 'd']).map(({ project, result }) => `${project} ${result}`),
    ['a live', 'b live', 'c live'],
  );
});

test('what was seen of a commit with a slipway.yml is not forgotten by a run with nothing given', () => {
  const proposed = { result: 'live', seconds: 5, failing: [], filled: [] } as const;
  const later = (more: Partial<Row>) => merged([row('a', { proposed })], [row('a', { seconds: 31, ...more })], ['a'])[0];
  assert.deepEqual(later({}), row('a', { seconds: 31, proposed }));
  assert.equal(later({ commit: 'fedcba9876543210' })?.proposed, undefined, 'another commit is another project');
});

test('the page counts what is live, and says of the rest why', () => {
  const page = markdown(
    [
      row('a', { proposed: { result: 'live', seconds: 5, failing: [], filled: ['KEY'], again: { seconds: 9.6, requests: 48 } } }),
      row('b', {
        result: 'failed',
        failing: ['VARIABLE_MISSING: b/settings.py:3 needs | KEY'],
        warnings: ['mail through <host>'],
      }),
      absent('c', 'someone/c'),
    ],
    { seconds: 1510, jobs: 2, cores: 2, proposed: true, day: '2026-01-02' },
  );
  assert.match(page, /in one go, 2 at a time on 2 cores, everything below included: 25 minutes \(2026-01-02\)/);
  assert.match(
    page,
    /1 of 2 projects are live after one `slipway up` with nothing given, every check included: 1 minutes, were they tried one after the other\./,
  );
  assert.match(page, /at most five blanks filled in: 1 of 1\. Tried on 2026-01-02\./);
  assert.match(
    page,
    /\[a\]\(https:\/\/github\.com\/someone\/a\) \| 0123456789 \| live \| 30 \| live, 5 s<br>KEY filled in \| 10 s, none of 48 requests failed \|/,
  );
  assert.match(page, /failed \| 30 .*VARIABLE_MISSING: b\/settings\.py:3 needs \\\| KEY \|/);
  assert.match(page, /mail through &lt;host>/);
  assert.match(page, /someone\/c\) \| {2}\| absent \| {2}\|/);
});

test('blanks are filled where init has marked them, and nowhere else', () => {
  const text = '# env\nenv:\n  KEY:  # fill in: read at a.py:3\n  OTHER:  # fill in: read at a.py:4\n#python: "3.12"\n';
  const { text: filled, filled: names } = fillBlanks(text, { KEY: 'a "b"', python: '3.8' });
  assert.deepEqual(names, ['KEY']);
  assert.equal(filled, text.replace('  KEY:  # fill in: read at a.py:3', '  KEY: "a \\"b\\""'));
});
