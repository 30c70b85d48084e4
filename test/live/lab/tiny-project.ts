import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILES: Readonly<Record<string, string>> = {
  'tiny/__init__.py': '',
  'tiny/settings.py': `
SECRET_KEY = 'x' * 50
DEBUG = False
ALLOWED_HOSTS = ['*']
ROOT_URLCONF = 'tiny.urls'
MIDDLEWARE = ['django.middleware.common.CommonMiddleware']
INSTALLED_APPS = []
USE_TZ = True
DATA_UPLOAD_MAX_MEMORY_SIZE = None
`,
  'tiny/urls.py': `
import os, time
from django.http import HttpResponse
from django.urls import path

def hello(request):
    return HttpResponse('hello %s' % os.getpid())

def slow(request):
    time.sleep(float(request.GET['seconds']))
    return HttpResponse('slow done')

def size(request):
    return HttpResponse('%d bytes from %s' % (len(request.body), request.META.get('HTTP_X_FORWARDED_FOR')))

urlpatterns = [path('', hello), path('slow', slow), path('size', size)]
`,
  'tiny/wsgi.py': `
import os
os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'tiny.settings')
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
`,
  'tiny/asgi.py': `
import os
os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'tiny.settings')
from django.core.asgi import get_asgi_application
django = get_asgi_application()

async def application(scope, receive, send):
    if scope['type'] == 'websocket':
        assert (await receive())['type'] == 'websocket.connect'
        await send({'type': 'websocket.accept'})
        while True:
            message = await receive()
            if message['type'] == 'websocket.disconnect':
                return
            await send({'type': 'websocket.send', 'text': 'echo ' + message['text']})
    elif scope['type'] == 'http':
        await django(scope, receive, send)
    else:
        raise ValueError(scope['type'])
`,
  // What a server must not pick up: https://docs.gunicorn.org/en/stable/configure.html
  'gunicorn.conf.py': "reuse_port = True\nraise RuntimeError('the project\\'s own configuration was read')\n",
  'hypercorn.toml': 'not = [toml\n',
  'uwsgi.ini': '[uwsgi]\nprocesses = 99\n',
};

/** A Django project with a quick view, a slow one and a websocket, and with traps for servers; the path of its folder. */
export async function tinyProject(folder: string): Promise<string> {
  const root = join(folder, "a project's folder");
  await mkdir(join(root, 'tiny'), { recursive: true });
  for (const [name, content] of Object.entries(FILES)) await writeFile(join(root, name), content);
  return root;
}
