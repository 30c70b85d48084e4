import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BeforeFacts } from '../../src/config/resolve/input.js';
import type { ProbeError } from '../../src/core/facts.js';
import { withDiscovered } from '../../src/flows/discovered-variable.js';
import { before } from '../config/resolve/samples.js';

const error = (name: string, message: string, kind: ProbeError['kind'] = 'missing-variable'): ProbeError => ({
  kind,
  name,
  message,
  frames: [{ file: 'shop/pay.py', line: 3, function: '<module>', text: '' }],
});
const names = (known: BeforeFacts | undefined) =>
  known?.project.variables.filter(({ from }) => from === 'shop/pay.py:3').map(({ name }) => name);

test('variables that app code takes for granted are required like those of the settings', () => {
  const plus = error('PAY_URL', "TypeError: unsupported operand type(s) for +: 'NoneType' and 'str'");
  const found = withDiscovered(before(), [plus, error('PAY_KEY', "KeyError: 'PAY_KEY'")]);
  assert.deepEqual(names(found), ['PAY_URL', 'PAY_KEY']);
  assert.ok(found !== undefined);
  assert.equal(withDiscovered(found, [plus]), undefined, 'what is known is not found again');
});

test('what a project itself says it cannot do without is not made up, nor what was given', () => {
  assert.equal(withDiscovered(before(), [error('PAY_KEY', 'RuntimeError: PAY_KEY is not set: ask Acme')]), undefined);
  assert.equal(withDiscovered(before(), [error('yaml', "KeyError: 'yaml'", 'missing-module')]), undefined);
  const given = before({ choices: { env: { PAY_KEY: 'x' } } });
  assert.equal(withDiscovered(given, [error('PAY_KEY', "KeyError: 'PAY_KEY'")]), undefined);
});
