import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A project whose pages say which host and release they are from, and whose scheduler has a worker write a row each second. */
const FILES: Readonly<Record<string, string>> = {
  'manage.py': `#!/usr/bin/env python
import os, sys
os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'relay.settings')
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
`,
  'requirements.txt': 'Django==5.2.8\npsycopg[binary]==3.2.12\ndj-database-url==3.0.1\ncelery[redis]==5.5.3\n',
  Procfile: 'web: gunicorn relay.wsgi\nworker: celery -A relay worker --concurrency 1\nbeat: celery -A relay beat\n',
  'relay/__init__.py': 'from .celery import app as celery_app\n',
  'relay/celery.py': `
import os
os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'relay.settings')
from celery import Celery
app = Celery('relay')
app.config_from_object('django.conf:settings', namespace='CELERY')
app.autodiscover_tasks()
`,
  'relay/settings.py': `
import os
from pathlib import Path
import dj_database_url
BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = os.environ['SECRET_KEY']
DEBUG = False
ALLOWED_HOSTS = []
ROOT_URLCONF = 'relay.urls'
INSTALLED_APPS = ['django.contrib.contenttypes', 'django.contrib.staticfiles', 'ticks']
MIDDLEWARE = [
    'django.middleware.security.SecurityMiddleware',
    'django.middleware.common.CommonMiddleware',
    'django.middleware.csrf.CsrfViewMiddleware',
]
TEMPLATES = []
DATABASES = {'default': dj_database_url.config(default='postgres://localhost/relay')}
STATIC_URL = '/static/'
MEDIA_URL = '/media/'
MEDIA_ROOT = BASE_DIR / 'media'
USE_TZ = True
WSGI_APPLICATION = 'relay.wsgi.application'
DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'
CELERY_BROKER_URL = os.environ['REDIS_URL']
CELERY_BEAT_SCHEDULE = {'tick': {'task': 'ticks.tasks.tick', 'schedule': 1.0, 'options': {'expires': 5}}}
`,
  'relay/wsgi.py': `
import os
os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'relay.settings')
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
`,
  'relay/urls.py': `
import os, socket
from django.http import JsonResponse
from django.urls import path
from ticks.models import Tick

def page(request):
    last = Tick.objects.order_by('id').last()
    return JsonResponse({
        'host': socket.gethostname(),
        'release': os.environ.get('SLIPWAY_RELEASE'),
        'environment': os.environ.get('SLIPWAY_ENVIRONMENT'),
        'ticks': Tick.objects.count(),
        'worker': last and last.host,
    })

urlpatterns = [path('', page)]
`,
  'ticks/__init__.py': '',
  'ticks/models.py': `
from django.db import models

class Tick(models.Model):
    host = models.CharField(max_length=100)
    release = models.CharField(max_length=100)
`,
  'ticks/tasks.py': `
import os, socket
from celery import shared_task
from .models import Tick

@shared_task(ignore_result=True)
def tick():
    Tick.objects.create(host=socket.gethostname(), release=os.environ.get('SLIPWAY_RELEASE', ''))
`,
  'ticks/migrations/__init__.py': '',
  'ticks/migrations/0001_initial.py': `
from django.db import migrations, models

class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name='Tick',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('host', models.CharField(max_length=100)),
                ('release', models.CharField(max_length=100)),
            ],
        ),
    ]
`,
  'ticks/static/ticks/site.css': 'body { color: #223 }\n',
};

/** Code that fails on the pages of one host, and on no other. */
export const brokenOn = (host: string): string => `
if socket.gethostname() == '${host}':
    def broken(request):
        raise RuntimeError('broken on this host alone')
    urlpatterns = [path('', broken)]
`;

export function writeFleetProject(folder: string): void {
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
