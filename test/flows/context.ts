import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Context } from '../../src/flows/context.js';
import { localHost } from '../../src/hosts/local.js';

/** A project of these files and a home for Slipway's state, both gone after the test. */
export async function projectContext(test: TestContext, files: Readonly<Record<string, string>>): Promise<Context> {
  const folder = await mkdtemp(join(tmpdir(), 'sw-flow-'));
  test.after(() => rm(folder, { recursive: true, force: true }));
  const directory = join(folder, 'shop');
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  return {
    directory,
    environment: 'local',
    home: join(folder, 'home'),
    host: localHost(),
    report: () => {},
    signal: new AbortController().signal,
    confirm: async () => false,
  };
}

export const PLAIN: Readonly<Record<string, string>> = {
  'manage.py':
    "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\nfrom django.core.management import execute_from_command_line\n",
  'shop/__init__.py': '',
  'shop/settings.py': `import os
INSTALLED_APPS = ['django.contrib.auth']
SECRET_KEY = os.environ['SECRET_KEY']
LICENCE = os.environ['SHOP_LICENCE']
DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'db.sqlite3'}}
WSGI_APPLICATION = 'shop.wsgi.application'
`,
  'shop/wsgi.py': 'application = None\n',
  'requirements.txt': 'django==5.2.8\n',
};
