import type { Wanted } from '../support/live-checks.js';

/** One Django project of the ladder: a checkout, or a part of one. */
export interface Rung extends Wanted {
  /** Its repository on GitHub. */
  readonly repository: string;
  /** Its folder among the checkouts. */
  readonly folder: string;
  /** Where the Django project is, in a checkout that holds several. */
  readonly below?: string;
  /** Commands that its own documentation has a user run once, before anybody can log in. */
  readonly first?: readonly (readonly string[])[];
  /** What a user adds to the slipway.yml that `init` writes, where it is not live without: YAML of at most five keys. */
  readonly config?: string;
  /** Values for the blanks that `init` leaves, by name: at most five. */
  readonly blanks?: Readonly<Record<string, string>>;
  /** Packages of the system that the project cannot do without, as `up` names them. */
  readonly packages?: readonly string[];
}

/** Easy first: the order in which they are tried. */
export const LADDER: readonly Rung[] = [
  {
    repository: 'consideratecode/django-tutorial-step-by-step',
    folder: 'django-tutorial-step-by-step',
    page: '/polls/',
    text: /No polls are available|<ul>/,
    admin: '/admin/',
  },
  { repository: 'testdrivenio/django-on-docker', folder: 'django-on-docker', page: '/', text: /type="file"/, admin: '/admin/' },
  {
    repository: 'mdn/django-locallibrary-tutorial',
    folder: 'django-locallibrary-tutorial',
    page: '/catalog/',
    text: /Local Library Home/,
    admin: '/admin/',
  },
  { repository: 'digitalocean/sample-django', folder: 'sample-django', page: '/', text: /Django/, admin: '/admin/' },
  { repository: 'wsvincent/lithium', folder: 'lithium', page: '/', text: /Lithium|Homepage/, admin: '/admin/' },
  {
    repository: 'justdjango/django-ecommerce',
    folder: 'django-ecommerce',
    page: '/',
    text: /MDBootstrap|E-?commerce/i,
    lacking: /^\/media\/shirt\.jpeg$/,
    admin: '/admin/',
  },
  { repository: 'sibtc/django-beginners-guide', folder: 'django-beginners-guide', page: '/', text: /Boards/, admin: '/admin/' },
  {
    repository: 'DjangoCRM/django-crm',
    folder: 'django-crm',
    page: '/en/123/',
    text: /Log in|CRM/,
    first: [['python', 'manage.py', 'setupdata']],
    admin: '/en/456-admin/',
  },
  { repository: 'CiviWiki/OpenCiviWiki', folder: 'OpenCiviWiki', page: '/', text: /CiviWiki/, admin: '/admin/' },
  {
    repository: 'healthchecks/healthchecks',
    folder: 'healthchecks',
    page: '/',
    text: /Healthchecks|Mychecks/i,
    admin: '/admin/',
  },
  { repository: 'bugsink/bugsink', folder: 'bugsink', page: '/accounts/login/', text: /Bugsink/, admin: '/admin/' },
  { repository: 'wagtail/bakerydemo', folder: 'bakerydemo', page: '/', text: /Wagtail/, admin: '/django-admin/' },
  {
    repository: 'andrewgodwin/channels-examples',
    folder: 'channels-examples',
    below: 'multichat',
    page: '/accounts/login/',
    text: /password/i,
    admin: '/admin/',
  },
  {
    repository: 'andrewgodwin/channels-examples',
    folder: 'channels-examples',
    below: 'news_collector',
    page: '/',
    text: /news/i,
    admin: null,
  },
  { repository: 'djangopackages/djangopackages', folder: 'djangopackages', page: '/', text: /Django Packages/, admin: '/admin/' },
  {
    repository: 'Uninett/Argus',
    folder: 'Argus',
    page: '/accounts/login/',
    text: /Argus/,
    admin: '/admin/',
    // Its own Makefile builds the styles with a program that it downloads from GitHub.
    config: `build:
  - npm install --no-save --no-package-lock tailwindcss@4 @tailwindcss/cli@4 daisyui@5
  - make tailwind-build-config
  - npx @tailwindcss/cli -i src/argus/htmx/tailwindtheme/styles.css -o src/argus/htmx/static/styles.css
`,
  },
  { repository: 'etesync/server', folder: 'etesync-server', page: '/', text: /It works/, admin: '/admin/' },
  { repository: 'graphite-project/graphite-web', folder: 'graphite-web', page: '/', text: /Graphite/, admin: '/admin/' },
  { repository: 'netbox-community/netbox', folder: 'netbox', page: '/login/', text: /NetBox/, admin: '/login/' },
  {
    repository: 'wger-project/wger',
    folder: 'wger',
    page: '/en/software/features',
    text: /wger/,
    first: [
      [
        'python',
        'manage.py',
        'loaddata',
        'gym',
        'languages',
        'groups',
        'licenses',
        'setting_repetition_units',
        'setting_weight_units',
        'gym_config',
        'equipment',
        'muscles',
        'categories',
      ],
    ],
    admin: '/en/user/login',
  },
  { repository: 'TandoorRecipes/recipes', folder: 'recipes', page: '/accounts/login/', text: /Tandoor/, admin: '/admin/' },
  {
    repository: 'paperless-ngx/paperless-ngx',
    folder: 'paperless-ngx',
    page: '/accounts/login/',
    text: /Paperless/,
    admin: '/admin/',
    // Its lock file has torch from an index of its own, which not every network reaches.
    config: 'python_packages: ["torch==2.13.0"]\n',
  },
  { repository: 'mediacms-io/mediacms', folder: 'mediacms', page: '/', text: /MediaCMS/, admin: '/admin/' },
];

/** What a rung is called on the command line and in the table. */
export const nameOf = ({ folder, below }: Pick<Rung, 'folder' | 'below'>): string =>
  below === undefined ? folder : `${folder}/${below}`;
