import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const MANAGE = `import os, sys
if __name__ == '__main__':
    os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')
    from django.core.management import execute_from_command_line
    execute_from_command_line(sys.argv)
`;

const MODEL = `from django.db import models

class Item(models.Model):
    id = models.AutoField(primary_key=True)
    name = models.CharField(max_length=50)
`;

const FIRST = `from django.db import migrations, models

class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel('Item', [('id', models.AutoField(primary_key=True, serialize=False)), ('name', models.CharField(max_length=50))]),
    ]
`;

/** A migration of app `stock` after `after`, with Python source `operations`. */
export function migration(after: string, operations: string, more = ''): string {
  return `from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [('stock', '${after}')]
    operations = [${operations}]
${more}
`;
}

export interface Shop {
  readonly root: string;
  readonly request: object;
  readonly write: (path: string, text: string) => void;
  readonly remove: (path: string) => void;
}

/** A project of one app, `stock`, in folder `root`; `databases` is the Python source of the setting. */
export function shop(root: string, databases: string, settings = ''): Shop {
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('manage.py', MANAGE);
  write('shop/__init__.py', '');
  write('shop/urls.py', 'urlpatterns = []\n');
  const base = `SECRET_KEY = 'x' * 60\nROOT_URLCONF = 'shop.urls'\nINSTALLED_APPS = ['stock']\nALLOWED_HOSTS = ['*']\nUSE_TZ = True\n`;
  write('shop/settings.py', `${base}DATABASES = ${databases}\n${settings}`);
  write('stock/__init__.py', '');
  write('stock/models.py', MODEL);
  write('stock/migrations/__init__.py', '');
  write('stock/migrations/0001_initial.py', FIRST);
  const request = { root, directory: root, manage: join(root, 'manage.py'), settings: null, configuration: null };
  return { root, request, write, remove: (path) => rmSync(join(root, path)) };
}
