import { z } from 'zod';
import { cron, hooks, processes } from './processes.js';
import { pythonIndexes } from './python-indexes.js';
import { appName, matching, moduleName, text } from './text.js';
import { command, env, insidePath, path, settings } from './values.js';
import { web } from './web.js';

/** The keys that stand at the top of `slipway.yml`, and in an environment where it differs. */
export const general = {
  app: z.exactOptional(appName.meta({ description: 'Name of the app. Default: that of the project.', examples: ['shop'] })),
  python: z.exactOptional(
    matching(/^3\.\d{1,2}(?:\.\d{1,3})?$/, 'must be a version of Python 3: "3.12" or "3.12.4"').meta({
      description: 'The version of Python, in quotes. Default: what the project asks for.',
      examples: ['3.12'],
    }),
  ),
  settings_module: z.exactOptional(
    moduleName.meta({
      description: 'Django’s settings module. Default: the project’s production settings.',
      examples: ['shop.settings.production'],
    }),
  ),
  settings: z.exactOptional(settings),
  env: z.exactOptional(env),
  files: z.exactOptional(
    z.record(insidePath, path).meta({
      description: 'Files placed into the release, never into the project: where in the release → which file.',
      examples: [{ 'shop/local_settings.py': 'deploy/local_settings.py' }],
    }),
  ),
  build: z.exactOptional(
    z.array(command).meta({
      description: 'Commands that build the front end, in order, instead of what was detected. An empty list builds nothing.',
      examples: [['npm ci', 'npm run build']],
    }),
  ),
  python_packages: z.exactOptional(
    z.array(text.regex(/^[A-Za-z0-9]/, { error: 'must be a requirement: name, name==1.2, name[extra]>=2' })).meta({
      description:
        'Python packages the project needs and does not declare, as requirements. One with a version or an address takes the place of what the project declares or has locked.',
      examples: [['psycopg[binary]', 'pillow>=10']],
    }),
  ),
  python_indexes: z.exactOptional(pythonIndexes),
  web: z.exactOptional(
    web.meta({
      description: 'The web process.',
      examples: [{ server: 'gunicorn', workers: 3, middleware: ['shop.wsgi_mw:wrap'], cache: { seconds: 1, paths: ['/'] } }],
    }),
  ),
  processes: z.exactOptional(processes),
  cron: z.exactOptional(cron),
  hooks: z.exactOptional(hooks),
  keep: z.exactOptional(
    z.array(insidePath).meta({
      description: 'Folders beside the code that the app writes to: kept over all releases.',
      examples: [['var', 'shop/uploads']],
    }),
  ),
  releases_kept: z.exactOptional(
    z
      .int()
      .min(1)
      .max(100)
      .meta({ description: 'How many releases stay for going back. Default: 5.', examples: [5] }),
  ),
};
