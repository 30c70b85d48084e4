import { randomBytes } from 'node:crypto';
import { Failure } from '../core/failure.js';
import { workingDirectory } from '../targets/local/release-files.js';
import type { App } from './app.js';
import type { Context } from './context.js';
import { releaseEnvironment } from './exec.js';
import type { LocalRelease } from './release-record.js';

/** Name and password come on standard input; whatever fields the project's user model asks for are filled. */
const SCRIPT = `
import sys
import django
django.setup()
from django.contrib.auth import get_user_model
User = get_user_model()
name, password = sys.stdin.read().split()
login = name + '@localhost.localdomain' if 'mail' in User.USERNAME_FIELD and '@' not in name else name
values = {User.USERNAME_FIELD: login}
for field in User.REQUIRED_FIELDS:
    kind = User._meta.get_field(field).get_internal_type()
    values[field] = name + '@localhost.localdomain' if 'mail' in field else ('2000-01-01' if 'Date' in kind else (1 if 'Integer' in kind else name))
manager = User._default_manager
if manager.filter(**{User.USERNAME_FIELD: login}).exists():
    print('exists')
else:
    manager.create_superuser(password=password, **values)
    print('made ' + login)
`;

/** A superuser of that name, with a password that is told once; nothing where there is one. @throws Failure SUPERUSER_FAILED (project) */
export async function makeSuperuser(app: App, release: LocalRelease, name: string, context: Context): Promise<void> {
  const password = randomBytes(12).toString('base64url');
  const { code, stdout, stderr } = await app.host.exec(
    {
      argv: ['python', '-c', SCRIPT],
      cwd: workingDirectory(release),
      env: releaseEnvironment(release),
      stdin: `${name} ${password}`,
    },
    { signal: context.signal },
  );
  if (code !== 0) {
    throw new Failure('SUPERUSER_FAILED', 'project', `The superuser ${name} could not be made`, {
      detail: stderr.trimEnd().split('\n').slice(-5).join('\n'),
      hint: 'slipway exec -- python manage.py createsuperuser',
    });
  }
  const made = /^made (.+)$/m.exec(stdout)?.[1];
  context.report({
    type: 'note',
    message:
      made === undefined ? `superuser ${name} is there already` : `superuser ${made}, password ${password} (told only now)`,
  });
}
