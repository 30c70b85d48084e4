import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { localHost } from '../../src/hosts/local.js';
import { manageCommand } from '../../src/ops/runtime.js';
import { ROOT } from '../support/slipway.js';
import { pipEnvironment } from './lab/pip-environment.js';
import { sandbox } from './lab/sandbox.js';

const TOKEN = 'canary-token-4XqPz';

const FILES: Readonly<Record<string, string>> = {
  'manage.py': `
import os, sys
if __name__ == '__main__':
    os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')
    from django.core.management import execute_from_command_line
    execute_from_command_line(sys.argv)
`,
  'shop/__init__.py': '',
  'shop/settings.py': `
import os
SECRET_KEY = TOKEN = os.environ['TOKEN']
INSTALLED_APPS = ['shop']
`,
  'shop/management/__init__.py': '',
  'shop/management/commands/__init__.py': '',
  'shop/management/commands/look.py': `
import json, os, subprocess, sys
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument('--fail', action='store_true')

    def handle(self, fail, **options):
        if fail:
            raise CommandError('as asked')
        script = 'printenv TOKEN; printenv PLAIN'
        run = lambda **more: subprocess.run(script, shell=True, stdout=subprocess.PIPE, **more).stdout.decode().split()
        children = [run(), run(env=dict(os.environ)), os.popen(script).read().split()]
        print(json.dumps({
            'argv': sys.argv, 'settings': settings.TOKEN, 'own': os.environ['TOKEN'], 'children': children, 'folder': os.getcwd(),
        }))
`,
};

test('a command of manage.py: its code has the secrets, what it starts has none unless it must', async (context) => {
  const { folder } = await sandbox(context);
  const project = join(folder, "a project's folder");
  for (const [name, content] of Object.entries(FILES)) {
    await mkdir(dirname(join(project, name)), { recursive: true });
    await writeFile(join(project, name), content);
  }
  const python = join(await pipEnvironment(['django==5.2.*']), 'python');
  const host = localHost(async () => TOKEN);
  const request = { root: project, directory: project, manage: join(project, 'manage.py'), settings: null, configuration: null };
  const env = { PYTHONPATH: join(ROOT, 'python'), PATH: '/usr/bin:/bin', PLAIN: 'plain', TOKEN: { secret: 'token' } };
  const run = (argv: readonly string[], keep: boolean) => host.exec(manageCommand(python, request, argv, env, keep));
  const told = async (keep: boolean) => {
    const { code, stdout, stderr } = await run(['look'], keep);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  };
  const seen = { argv: [request.manage, 'look'], settings: TOKEN, own: TOKEN, folder: project };
  assert.deepEqual(await told(false), { ...seen, children: Array(3).fill(['plain']) });
  assert.deepEqual(await told(true), { ...seen, children: Array(3).fill([TOKEN, 'plain']) });
  const failed = await run(['look', '--fail'], false);
  assert.deepEqual([failed.code, failed.stderr.trim()], [1, 'CommandError: as asked']);
});
