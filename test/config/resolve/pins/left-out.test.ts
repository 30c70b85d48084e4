import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modulePath } from '../../../../src/config/resolve/module-path.js';
import { found } from '../../../../src/core/found.js';
import { context, explicit, pinned, settings } from '../samples.js';

test('the debug toolbar is out of sight, whatever its callback says', () => {
  const apps = [{ name: 'debug_toolbar', label: 'debug_toolbar', path: '' }];
  const change = context();
  const held = pinned({ ...change, facts: { ...change.facts, apps } });
  assert.deepEqual(held['DEBUG_TOOLBAR_CONFIG'], { SHOW_TOOLBAR_CALLBACK: 'slipway_runtime.toolbar.hidden' });
  assert.equal('DEBUG_TOOLBAR_CONFIG' in pinned(change), false);
});

test('files shipped in STATIC_ROOT are found there, once', () => {
  const shipped = (dirs: readonly string[]) => {
    const change = settings({ STATIC_ROOT: explicit(`${context().probed}/static/`), STATICFILES_DIRS: explicit(dirs) });
    return pinned({ ...change, project: { ...change.project, shippedStatic: found('static', 'tracked by git') } });
  };
  assert.equal(shipped([])['SLIPWAY_SHIPPED_STATIC'], `${context().place.paths.source}/static`);
  assert.equal('SLIPWAY_SHIPPED_STATIC' in shipped([`${context().probed}/static`]), false);
  assert.equal('SLIPWAY_SHIPPED_STATIC' in pinned(context()), false);
});

test("folders that manage.py puts on sys.path, in the release's own tree", () => {
  const change = context();
  const { probed, place } = change;
  const sysPath = [probed, './src', `${probed}/apps`, '/usr/lib/python3/elsewhere', '', `${probed}/../other`];
  const path = modulePath({ ...change, facts: { ...change.facts, sysPath } });
  assert.deepEqual(path, [`${place.paths.source}/src`, `${place.paths.source}/apps`]);
});
