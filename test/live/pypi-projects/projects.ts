import type { Wanted } from '../../support/live-checks.js';
import type { Pinned } from './source.js';

/** A real Django application, as its makers published it. */
export interface PypiProject extends Pinned, Wanted {
  /** What it is, and what is particular about it. */
  readonly what: string;
  /** Where in the archive its user would say `slipway up`; default: its root. */
  readonly below?: string;
  /** For an archive that makes projects instead of being one. */
  readonly generator?: Generator;
}

export interface Generator {
  /** Python that makes it in the working directory, with the archive on its path and the words in `sys.argv`. */
  readonly code: string;
  readonly words: readonly string[];
  /** What that Python has installed. */
  readonly needs: readonly string[];
  /** The folder that it makes. */
  readonly makes: string;
  /** What its manual has a user write beside it, by path. */
  readonly files?: Readonly<Record<string, string>>;
}

/** On a Python of each series since 3.10 there is one of these, and making a project takes no more. */
const DJANGO = ['django~=5.2.0'];

export const PROJECTS: readonly PypiProject[] = [
  {
    name: 'wagtail',
    version: '7.0.3',
    sha256: 'd336623405db81f799ea231509d8da3b46a7539932cc1c1ad509d856786b88e8',
    what: 'a new site of a CMS: settings in parts, pages in the database, a search app',
    generator: {
      code: 'from wagtail.bin.wagtail import main; main()',
      words: ['start', 'bakery'],
      needs: DJANGO,
      makes: 'bakery',
    },
    page: '/',
    text: /Welcome to your new Wagtail site/,
    admin: '/django-admin/',
  },
  {
    name: 'coderedcms',
    version: '6.0.0',
    sha256: '5ee2fe9a1210cf63db4fdffa802311b233a394562a40d6bdc37c6ea2de273110',
    what: 'a new site for marketing: many apps on top of another CMS, settings in parts',
    generator: {
      code: 'from coderedcms.bin.coderedcms import main; main()',
      words: ['start', 'agency'],
      needs: ['wagtail~=7.4.0'],
      makes: 'agency',
    },
    page: '/',
    text: /<html/,
    admin: '/django-admin/',
  },
  {
    name: 'django-spirit',
    version: '0.14.3',
    sha256: '2792f92583f8f4d77c77dc656da8893ef90c03b425418fbbe0e9c98311dd6d19',
    what: 'a new forum: settings for each place, several caches, a task queue that is off, a search index in files',
    generator: {
      code: 'from spirit.extra.bin.spirit import execute_from_command_line; execute_from_command_line()',
      words: ['startproject', 'forum'],
      needs: DJANGO,
      makes: 'forum',
      files: { 'requirements.txt': 'django-spirit==0.14.3\n' },
    },
    page: '/',
    text: /Spirit/,
    admin: '/admin/',
  },
  {
    name: 'mezzanine',
    version: '6.1.1',
    sha256: '459ffd96dbd9533d5e5f179a56a4bd644ebdf9af575ade9fc4c72cb3ec9354fe',
    what: 'a new site of an older CMS: computed settings, local_settings.py, an admin of its own, nothing declared',
    generator: {
      code: 'from mezzanine.bin.mezzanine_project import create_project; create_project()',
      words: ['office'],
      needs: ['django~=4.2.0', 'setuptools<81'],
      makes: 'office',
    },
    page: '/',
    text: /Congratulations!/,
    admin: '/admin/',
  },
  {
    name: 'bugsink',
    version: '1.7.6',
    sha256: '2d4cff2523130e2d5dd9573a84a54f5b938a34fb93827662943e5fe23e9aaa36',
    what: 'an error tracker: two SQLite databases with a router, a queue of its own',
    page: '/accounts/login/',
    text: /Bugsink/,
    admin: '/admin/',
  },
  {
    name: 'patchman',
    version: '4.0.21',
    sha256: '96a7164170b9fa2147b2f712f5fbc284f95dc42b6429126488724414c97f9696',
    what: 'a monitor of updates: no manage.py, setup.py, Celery with beat and Redis, a settings file elsewhere',
    manage: ['python', '-m', 'django'],
    page: '/login/',
    text: /<form/,
    admin: '/admin/',
  },
];
