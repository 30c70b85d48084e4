import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findAll } from '../../src/findings/find.js';
import { RULES } from '../../src/findings/rules.js';
import { CASES } from './cases.js';
import { evidenceWith, set, TODAY } from './sample.js';

/** Django 6.0 ends in April 2027: seen from a day on which that is near. */
const dayFor = (id: string): string => (id === 'versions.django-ends' ? '2027-03-01' : TODAY);

test('A project done by the book has no finding', () => {
  assert.deepEqual(findAll(evidenceWith({}), TODAY), []);
});

for (const { id, severity, wrong, where, handled } of CASES) {
  test(`${id}${severity === undefined ? '' : ` (${severity})`} is found, and nothing else: ${JSON.stringify(wrong).slice(0, 70)}`, () => {
    const found = findAll(evidenceWith(wrong), dayFor(id));
    assert.deepEqual(
      found.map((finding) => finding.id),
      [id],
    );
    const [finding] = found;
    assert.ok(finding !== undefined && finding.message !== '' && !finding.message.includes('undefined'), finding?.message);
    if (severity !== undefined) assert.equal(finding.severity, severity);
    if (where !== undefined) assert.equal(finding.where, where);
    if (handled !== undefined) assert.equal(finding.handled, handled);
  });
}

test('Every rule has a case', () => {
  const tried = new Set(CASES.map(({ id }) => id));
  assert.deepEqual(
    RULES.map(({ id }) => id).filter((id) => !tried.has(id)),
    [],
  );
});

test('Ids are unique, and of the form area.name', () => {
  const ids = RULES.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, /^[a-z-]+\.[a-z-]+$/);
});

test('The key in force is that of the module which sets it last, whatever was read first', () => {
  const key = { name: 'SECRET_KEY', kind: 'secret-key', isDefault: false, trivial: false, isPublic: false } as const;
  const literals = [
    { ...key, where: 'shop/production.py:3', isDefault: true },
    { ...key, where: 'shop/base.py:9' },
  ];
  const assignments = ['shop/base.py:9', 'shop/production.py:3'].map((where) => ({
    setting: 'SECRET_KEY',
    where,
    conditional: false,
  }));
  const found = findAll(evidenceWith({ reading: { literals, assignments } }), TODAY);
  assert.deepEqual(
    found.map(({ id, where }) => [id, where]),
    [['secret-key.default', 'shop/production.py:3']],
  );
});

test('Paths of the copy that was run are told as the project’s own', () => {
  const message = "No such file: '/home/slipway/source/logs/app.log'";
  const trouble = { code: 'setup', kind: 'project', message, hint: '', where: '' };
  const [finding] = findAll(evidenceWith({ evidence: { troubles: [trouble] } }), TODAY);
  assert.equal(finding?.message, "No such file: 'logs/app.log'");
});

test('Worst first, and what is handled after what is not', () => {
  const found = findAll(
    evidenceWith({
      settings: {
        DEBUG: set(true),
        ADMINS: set([]),
        USE_X_FORWARDED_HOST: set(true),
        SESSION_SERIALIZER: set('x.PickleSerializer'),
      },
      evidence: {
        resolved: {
          web: { server: 'gunicorn', interface: 'wsgi', workers: 2, threads: 4 },
          processes: [],
          database: 'postgresql',
          services: [],
          held: ['DEBUG'],
          sharedCaches: [],
        },
      },
    }),
    TODAY,
  );
  assert.deepEqual(
    found.map(({ id }) => id),
    ['sessions.pickle', 'debug.on', 'hosts.forwarded', 'errors.nobody-told'],
  );
});

test('What stands behind `if DEBUG:` is no finding', () => {
  const evidence = evidenceWith({
    settings: { DEBUG: set(true) },
    facts: { apps: [{ name: 'debug_toolbar', label: 'debug_toolbar', path: '' }] },
  });
  const guarded = {
    ...evidence,
    reading: {
      ...evidence.reading,
      assignments: [
        ...evidence.reading.assignments,
        { setting: 'INSTALLED_APPS', where: 'shop/settings.py:30', conditional: true },
      ],
    },
  };
  assert.deepEqual(
    findAll(guarded, TODAY).map(({ id }) => id),
    ['debug.on'],
  );
});

test('A check that the pins content is handled, a silenced one is none', () => {
  const message = { id: 'security.W004', level: 'warning', msg: 'said', hint: null, object: null, silenced: false };
  const [handled] = findAll(evidenceWith({ evidence: { own: [message], pinned: [] } }), TODAY);
  assert.equal(handled?.handled, true);
  assert.deepEqual(findAll(evidenceWith({ evidence: { own: [{ ...message, silenced: true }] } }), TODAY), []);
});

test('A key of an earlier module that a later one reads from the environment is no finding', () => {
  const evidence = evidenceWith({
    reading: {
      literals: [
        { name: 'SECRET_KEY', where: 'shop/base.py:3', kind: 'secret-key', isDefault: false, trivial: false, isPublic: false },
      ],
      assignments: [
        { setting: 'SECRET_KEY', where: 'shop/base.py:3', conditional: false },
        { setting: 'SECRET_KEY', where: 'shop/production.py:5', conditional: false },
      ],
    },
  });
  assert.deepEqual(findAll(evidence, TODAY), []);
});

test('Without a run, what was read is told all the same', () => {
  const {
    facts: _facts,
    resolved: _resolved,
    own: _own,
    pinned: _pinned,
    drift: _drift,
    ...read
  } = evidenceWith({
    reading: { privateKeys: ['key.pem'] },
    project: { django: { value: '==2.2.1', from: 'requirements.txt' } },
    evidence: { isInstalled: false, failure: { code: 'X', kind: 'environment', message: 'said', hint: '', where: '' } },
  });
  assert.deepEqual(
    findAll(read, TODAY).map(({ id }) => id),
    ['environment.cannot-be-made', 'secrets.private-key', 'versions.django-ended'],
  );
});
