import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Survey } from '../../../src/hosts/ssh/survey.js';

const FILLED = {
  found: [
    ['/srv/shop/live', 'link', 'releases/1'],
    ['/srv/shop/releases/', 'names', ['1', '2']],
    ['/srv/shop/releases/1/release.json', 'file', '{}'],
    ['/srv/shop/releases/1/ready', 'file', ''],
    ['/srv/shop/odd', 'other', null],
  ],
  absent: ['/srv/shop/hosts.json'],
};

const filled = (): Survey => {
  const survey = new Survey();
  survey.fill(FILLED);
  return survey;
};

test('what was surveyed is known, and nothing else', () => {
  const survey = filled();
  assert.deepEqual(survey.text('/srv/shop/releases/1/release.json')?.text, '{}');
  assert.deepEqual(survey.text('/srv/shop/hosts.json'), { text: undefined });
  assert.equal(survey.text('/srv/shop/releases/2/release.json'), undefined);
  assert.equal(survey.target('/srv/shop/live')?.to, 'releases/1');
  assert.deepEqual(survey.target('/srv/shop/hosts.json'), { to: undefined });
  assert.deepEqual(survey.names('/srv/shop/releases'), ['1', '2']);
  assert.equal(survey.names('/srv/shop'), undefined);
  // A folder whose names are known has no others.
  assert.deepEqual(survey.text('/srv/shop/releases/3/release.json'), { text: undefined });
  survey.touch('/srv/shop/releases/3/source/a');
  assert.equal(survey.text('/srv/shop/releases/3/release.json'), undefined);
  assert.deepEqual(
    ['/srv/shop/odd', '/srv/shop/hosts.json', '/srv/shop/releases/2/ready'].map((path) => survey.exists(path)),
    [true, false, undefined],
  );
});

test('what may have been changed over the connection is asked for again', () => {
  const table: readonly (readonly [touched: string, asked: (survey: Survey) => unknown, isKnown: boolean])[] = [
    ['/srv/shop/live', (survey) => survey.target('/srv/shop/live'), false],
    ['/srv/shop/releases', (survey) => survey.names('/srv/shop/releases'), false],
    ['/srv/shop/releases/3', (survey) => survey.names('/srv/shop/releases'), false],
    ['/srv/shop/releases/3', (survey) => survey.text('/srv/shop/releases/1/release.json'), true],
    ['/srv/shop', (survey) => survey.text('/srv/shop/releases/1/release.json'), false],
    ['/srv/shop', (survey) => survey.names('/srv/shop/releases'), false],
    ['/srv/shop/releases/1/ready', (survey) => survey.exists('/srv/shop/releases/1/ready'), false],
    ['/srv/shop/releases/1/read', (survey) => survey.exists('/srv/shop/releases/1/ready'), true],
    ['/srv/shop/hosts.json', (survey) => survey.text('/srv/shop/hosts.json'), false],
  ];
  for (const [touched, asked, isKnown] of table) {
    const survey = filled();
    survey.touch(touched);
    assert.equal(asked(survey) !== undefined, isKnown, `${touched} ${asked}`);
  }
});
