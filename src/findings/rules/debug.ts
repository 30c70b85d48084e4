import { hasApp, isHeld, settingValue, whereIs } from '../ask.js';
import type { Evidence } from '../evidence.js';
import type { Hit, Rule } from '../rule.js';

const SHOWS =
  'Every error page shows source, settings and the values of variables to whoever provokes one. Requests and queries pile up in memory until the process dies.';
const DEVELOPMENT_APPS: readonly string[] = [
  'debug_toolbar',
  'silk',
  'django_browser_reload',
  'nplusone.ext.django',
  'django_extensions.debug',
];

export const debugRules: readonly Rule[] = [
  {
    id: 'debug.on',
    severity: 'error',
    title: 'DEBUG is on',
    page: {
      what: 'The settings that would go to production have `DEBUG = True`. Django’s own check: `security.W018`.',
      risk: SHOWS,
      mend: '`DEBUG = os.environ.get("DEBUG") == "1"`, so that it is off unless someone turns it on.',
      slipway:
        'Holds DEBUG at False from the first line of the settings on, so that everything that follows from it is right too.',
    },
    find: on,
  },
  {
    id: 'debug.fails-open',
    severity: 'warning',
    title: 'DEBUG is on unless a variable turns it off',
    page: {
      what: 'DEBUG comes from a variable whose default is true.',
      risk: `The one server on which the variable is forgotten, or misspelt, is a debugging one. ${SHOWS}`,
      mend: 'Turn the default round: off unless someone asks for it.',
      slipway: 'Sets the variable, and holds DEBUG at False.',
    },
    find: failsOpen,
  },
  {
    id: 'debug.development-app',
    severity: 'warning',
    title: 'A development app is installed whatever DEBUG says',
    page: {
      what: 'An app that is made for development (`debug_toolbar`, `silk`, …) stands in INSTALLED_APPS unconditionally.',
      risk: 'Its routes and middleware are there in production. Most look at DEBUG before they show anything; a setting of theirs that says otherwise shows queries and sessions to visitors.',
      mend: 'Put the app, its middleware and its URLs behind `if DEBUG:`, and its distribution among the development requirements.',
      slipway: 'Leaves it where it is, with DEBUG off.',
    },
    find: developmentApps,
  },
  {
    id: 'debug.templates',
    severity: 'warning',
    title: 'Templates are in debug mode whatever DEBUG says',
    page: {
      what: "`'debug': True` stands in the OPTIONS of TEMPLATES.",
      risk: 'Templates are compiled at every use, and errors in them carry their source.',
      mend: 'Remove the option: it follows DEBUG by itself.',
      slipway: 'Holds it at False.',
    },
    find: templates,
  },
];

const TRUE = /^(true|1|yes|on|t|y)$/i;

/** What a variable decides is another finding: here it may be on because somebody turned it on. */
function on(evidence: Evidence): Hit[] {
  if (settingValue(evidence, 'DEBUG') !== true || isFromVariable(evidence)) return [];
  const written = evidence.reading.assignments.findLast(({ setting, literal }) => setting === 'DEBUG' && literal === true)?.where;
  return [
    {
      message: 'DEBUG is True in the settings that would serve',
      hint: 'DEBUG = os.environ.get("DEBUG") == "1"',
      where: written ?? whereIs(evidence, 'DEBUG'),
      handled: isHeld(evidence, 'DEBUG'),
    },
  ];
}

function failsOpen(evidence: Evidence): Hit[] {
  return evidence.project.variables
    .filter(
      ({ meaning, setting, default: fallback }) =>
        meaning === 'debug' && (setting === undefined || setting === 'DEBUG') && TRUE.test(fallback ?? ''),
    )
    .map(({ name, from }) => ({
      message: `DEBUG is on where the variable ${name} is not set`,
      hint: `let ${name} be off by default`,
      where: from,
      handled: isHeld(evidence, 'DEBUG'),
    }));
}

const isFromVariable = ({ project }: Evidence): boolean => project.variables.some(({ setting }) => setting === 'DEBUG');

/** With DEBUG on when the settings ran, an app that stands behind `if DEBUG:` was there as well. */
function developmentApps(evidence: Evidence): Hit[] {
  const lines = evidence.reading.assignments.filter(({ setting }) => /^(\w+_)?APPS$/.test(setting));
  if (settingValue(evidence, 'DEBUG') === true && lines.some(({ conditional }) => conditional)) return [];
  return DEVELOPMENT_APPS.filter((name) => hasApp(evidence, name)).map((name) => ({
    message: `${name} is in INSTALLED_APPS whatever DEBUG says`,
    hint: `if DEBUG:\n    INSTALLED_APPS += ["${name}"]`,
    where: lines.at(-1)?.where ?? '',
    severity: 'info',
  }));
}

function templates(evidence: Evidence): Hit[] {
  const engines = settingValue(evidence, 'TEMPLATES');
  if (settingValue(evidence, 'DEBUG') === true || !Array.isArray(engines)) return [];
  const isOn = engines.some((engine) => engine?.OPTIONS?.debug === true);
  return isOn
    ? [
        {
          message: "TEMPLATES has 'debug': True whatever DEBUG says",
          hint: "remove 'debug' from the OPTIONS of TEMPLATES",
          where: whereIs(evidence, 'TEMPLATES'),
          handled: isHeld(evidence, 'TEMPLATES'),
        },
      ]
    : [];
}
