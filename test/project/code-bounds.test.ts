import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from '../../src/project/inspect.js';
import { withTree } from './trees.js';

const project = (files: Readonly<Record<string, string>>): Record<string, string> => ({
  'manage.py': "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\nexecute_from_command_line()\n",
  'shop/__init__.py': '',
  'shop/settings.py': "INSTALLED_APPS = ['django.contrib.auth', 'wagtail.contrib.modeladmin']\nROOT_URLCONF = 'shop.urls'\n",
  'shop/urls.py': 'urlpatterns = []\n',
  ...files,
});

const bounds = (files: Readonly<Record<string, string>>): Promise<readonly string[]> =>
  withTree(project(files), async (root) =>
    ((await inspect(root)).dependencies.bounds ?? []).map(({ value, from }) => `${value} ${from}`),
  );

test('libraries that are declared without an upper bound get the one that the code sets', async () => {
  const old = 'from django.urls import path\nfrom django.conf.urls import include, url\n';
  assert.deepEqual(await bounds({ 'requirements.txt': 'Django>=2.0\nwagtail\n', 'shop/urls.py': old }), [
    'Django<4 shop/urls.py:2',
    'wagtail<6 shop/settings.py:1',
  ]);
  assert.deepEqual(
    await bounds({ 'requirements.txt': 'Django==5.2\n', 'shop/urls.py': old }),
    [],
    'a pin is what its owner wants',
  );
  assert.deepEqual(await bounds({ 'requirements.txt': 'Django~=5.2\n', 'shop/urls.py': old }), []);
  const lowest = { 'shop/models.py': 'from django.utils.encoding import python_2_unicode_compatible\n', 'shop/urls.py': old };
  assert.deepEqual(await bounds({ 'requirements.txt': 'django\n', ...lowest }), ['Django<3 shop/models.py:1']);
});

test('what is only tried, or lies where nobody loads it, sets no bound', async () => {
  const tried = 'try:\n    from django.conf.urls import url\nexcept ImportError:\n    from django.urls import re_path as url\n';
  const dead = 'from django.utils import six\n';
  assert.deepEqual(await bounds({ 'requirements.txt': 'django\n', 'shop/urls.py': tried, 'shop/old_tokens.py': dead }), []);
});

test('the Python fits the Django that the code demands', async () => {
  const files = project({
    'requirements.txt': 'Django\n',
    'shop/urls.py': 'from django.utils.translation import ugettext_lazy as _\n',
  });
  await withTree(files, async (root) => {
    const { django, python } = await inspect(root);
    assert.equal(django?.value, '<4');
    assert.match(python.required.map(({ value }) => value).join(), /<3\.12/);
  });
});

test('requirements in a folder of any name are found where an image installs from them', async () => {
  const files = project({
    'setup.py': "from setuptools import setup\nsetup(name='shop', install_requires=['django'])\n",
    'config/requirements.txt': 'Django==4.2.1\ndjango-crispy-forms==2.1\n',
    Dockerfile: 'FROM python:3.11\nCOPY /config/requirements.txt /config/\nRUN pip install -r /config/requirements.txt\n',
  });
  await withTree(files, async (root) => {
    const { dependencies } = await inspect(root);
    assert.deepEqual(dependencies.files, ['config/requirements.txt']);
    assert.equal(dependencies.manager.from, 'config/requirements.txt, which Dockerfile installs');
  });
});
