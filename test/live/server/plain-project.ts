import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILES: Readonly<Record<string, string>> = {
  'requirements.txt': 'django==5.2.*\n',
  'manage.py': `
import os, sys
os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'plain.settings')
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
`,
  'plain/__init__.py': '',
  'plain/settings.py': `
from pathlib import Path
BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = 'x' * 50
DEBUG = True
ALLOWED_HOSTS = []
ROOT_URLCONF = 'plain.urls'
MIDDLEWARE = ['django.middleware.common.CommonMiddleware']
INSTALLED_APPS = ['django.contrib.contenttypes', 'django.contrib.auth', 'django.contrib.staticfiles']
DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'db.sqlite3'}}
STATIC_URL = 'static/'
STATICFILES_DIRS = [BASE_DIR / 'assets']
ASGI_APPLICATION = 'plain.asgi.application'
USE_TZ = True
`,
  'plain/mood.py': "BROKEN = False\nWORD = 'first'\n",
  'plain/urls.py': `
import asyncio
import os
from django.contrib.auth.models import User
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path
from plain import mood

def page(request):
    return HttpResponse('<html><body>%s %s of %s</body></html>' % (request.method, mood.WORD, os.environ['SLIPWAY_RELEASE']))

def often(request):
    if mood.BROKEN:
        raise RuntimeError('broken under load')
    return HttpResponse('<html>%d users</html>' % User.objects.count())

async def slow(request):
    await asyncio.sleep(0.3)
    return HttpResponse('slow and whole')

async def stream(request):
    async def lines():
        for number in range(10):
            yield 'line %d\\n' % number
            await asyncio.sleep(0.2)
        yield 'whole\\n'
    return StreamingHttpResponse(lines(), content_type='text/plain', headers={'X-Accel-Buffering': 'no'})

urlpatterns = [path('', page), path('often', often), path('slow', slow), path('stream', stream)]
`,
  // There is no wsgi.py: what the project has is served.
  'plain/asgi.py': `
import os
os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'plain.settings')
from django.core.asgi import get_asgi_application
django = get_asgi_application()

async def application(scope, receive, send):
    if scope['type'] != 'websocket':
        return await django(scope, receive, send)
    assert (await receive())['type'] == 'websocket.connect'
    await send({'type': 'websocket.accept'})
    while True:
        message = await receive()
        if message['type'] == 'websocket.disconnect':
            return
        await send({'type': 'websocket.send', 'text': 'echo ' + message['text']})
`,
  'assets/plain.css': 'body { color: black }\n',
};

/** A Django project of a few views, a websocket and a database; written to the folder, whose path it gives. */
export function plainProject(root: string): string {
  for (const name of ['plain', 'assets']) mkdirSync(join(root, name), { recursive: true });
  for (const [name, content] of Object.entries(FILES)) writeFileSync(join(root, name), content);
  return root;
}

/** Another release of it, by one file of its code. @param broken `/often` answers 500 */
export function changeCode(root: string, word: string, broken = false): void {
  writeFileSync(join(root, 'plain/mood.py'), `BROKEN = ${broken ? 'True' : 'False'}\nWORD = '${word}'\n`);
}

/** Another release of it: new code, and a new static file. @param broken `/often` answers 500 */
export function changePlain(root: string, word: string, broken = false): void {
  changeCode(root, word, broken);
  appendFileSync(join(root, 'assets/plain.css'), `/* ${word} */\n`);
}
