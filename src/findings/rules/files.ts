import { isDict, isHeld, isSet, settingValue, textOf, textsOf, whereIs } from '../ask.js';
import type { Evidence } from '../evidence.js';
import type { Hit, Rule } from '../rule.js';
import { djangoRule } from './django-checks.js';

export const fileRules: readonly Rule[] = [
  {
    id: 'files.media-in-static',
    severity: 'error',
    title: 'Uploads and static files share a folder',
    page: {
      what: 'MEDIA_ROOT lies inside STATIC_ROOT or one of STATICFILES_DIRS, or the other way round; or both have one URL.',
      risk: 'Uploads are collected and served as the app’s own files, cached for ever; `collectstatic --clear` deletes what visitors have sent.',
      mend: 'Give uploads a folder and a URL of their own.',
      slipway: 'Holds both at folders of its own.',
    },
    find: mediaInStatic,
  },
  {
    id: 'files.uploads-as-pages',
    severity: 'warning',
    title: 'Any file may be uploaded and is served from the app’s own address',
    page: {
      what: 'A FileField without validators takes HTML and SVG too, and what is uploaded is served below the same domain.',
      risk: 'Somebody uploads a page with a script and sends the link to another user: the script runs as that user, with his session.',
      mend: '`validators=[FileExtensionValidator([...])]`, and uploads served with `Content-Disposition: attachment` and `nosniff`, best from another domain.',
      slipway:
        'Its edge sends `nosniff` and a policy that forbids scripts with every upload, and hands out HTML and SVG as downloads.',
    },
    find: uploads,
  },
  {
    id: 'files.media-by-django',
    severity: 'warning',
    title: 'Django itself serves uploads',
    page: {
      what: 'A route leads to `django.views.static.serve`, also with DEBUG off.',
      risk: 'The view is made for development: slow, and nobody has looked at it as a web server. A few visitors of large files occupy every worker.',
      mend: 'Let the front server serve MEDIA_URL, and put the route behind `if settings.DEBUG:`.',
      slipway: 'Its edge serves uploads before the request reaches Django.',
    },
    find: (evidence) =>
      evidence.reading.servesMedia.map((where) => ({
        message: 'a route serves MEDIA_ROOT through Django, whatever DEBUG says',
        hint: 'put it behind `if settings.DEBUG:`',
        where,
        handled: isHeld(evidence, 'MEDIA_ROOT'),
      })),
  },
  {
    id: 'files.log-in-project',
    severity: 'warning',
    title: 'Log files are written next to the code',
    page: {
      what: 'LOGGING names a file inside the project.',
      risk: 'The folder is replaced with every release, or may not be written to: then the app does not start. A log that nobody rotates fills the disk.',
      mend: 'Log to the console, and let what runs the process keep it.',
      slipway: 'Sends logs to the console, where `slipway logs` reads them.',
    },
    find: logFiles,
  },
  djangoRule({
    id: 'cache.files-in-public',
    checks: ['caches.W002'],
    severity: 'error',
    title: 'A file cache lies in a folder that is served',
    settings: ['CACHES'],
    hint: 'move its LOCATION out of MEDIA_ROOT, STATIC_ROOT and STATICFILES_DIRS',
    page: {
      what: 'The cache’s files lie in or around a folder of uploads or static files.',
      risk: 'Visitors read what is cached. Worse, who can upload a file there puts a pickle into the cache and so runs code on the server.',
      mend: 'Give it a folder of its own that is served by nobody.',
    },
  }),
];

const inside = (inner: string, outer: string): boolean =>
  inner !== '' && outer !== '' && (inner === outer || inner.startsWith(`${outer.replace(/\/+$/, '')}/`));

function mediaInStatic(evidence: Evidence): Hit[] {
  const media = textOf(evidence, 'MEDIA_ROOT').replace(/\/+$/, '');
  const folders = [textOf(evidence, 'STATIC_ROOT'), ...textsOf(evidence, 'STATICFILES_DIRS')].map((path) =>
    path.replace(/\/+$/, ''),
  );
  const clash = folders.find((folder) => inside(media, folder) || inside(folder, media));
  const urls =
    isSet(evidence, 'MEDIA_URL') &&
    textOf(evidence, 'MEDIA_URL') !== '' &&
    textOf(evidence, 'MEDIA_URL') === textOf(evidence, 'STATIC_URL');
  if (clash === undefined && !urls) return [];
  const shown = (path: string) =>
    evidence.probed !== undefined && path.startsWith(`${evidence.probed}/`) ? path.slice(evidence.probed.length + 1) : path;
  const message =
    clash === undefined
      ? 'MEDIA_URL is STATIC_URL'
      : `MEDIA_ROOT (${shown(media)}) and a folder of static files (${shown(clash)}) lie in each other`;
  return [
    {
      message,
      hint: 'MEDIA_ROOT = BASE_DIR / "media"',
      where: whereIs(evidence, 'MEDIA_ROOT', 'MEDIA_URL'),
      handled: isHeld(evidence, 'MEDIA_ROOT'),
    },
  ];
}

function uploads(evidence: Evidence): Hit[] {
  const [first] = evidence.reading.fileFields;
  const url = textOf(evidence, 'MEDIA_URL');
  // Without both, no upload is ever handed out; with another host, its scripts are not the app's.
  if (first === undefined || url === '' || url.includes('//') || textOf(evidence, 'MEDIA_ROOT') === '' || isElsewhere(evidence))
    return [];
  const count = evidence.reading.fileFields.length;
  const others = count === 1 ? '' : ` (and ${count - 1} more like it)`;
  return [
    {
      message: `this field takes any file, HTML too, and it is served from ${url}${others}`,
      hint: 'validators=[FileExtensionValidator(["pdf", "png", "jpg"])]',
      where: first,
      handled: isHeld(evidence, 'MEDIA_ROOT'),
    },
  ];
}

function isElsewhere(evidence: Evidence): boolean {
  const storages = settingValue(evidence, 'STORAGES');
  const backend = isDict(storages) && isDict(storages['default']) ? storages['default']['BACKEND'] : undefined;
  return [backend, textOf(evidence, 'DEFAULT_FILE_STORAGE')].some(
    (name) => typeof name === 'string' && /s3|azure|gcloud|dropbox|sftp|cloudinary/i.test(name),
  );
}

function logFiles(evidence: Evidence): Hit[] {
  const logging = settingValue(evidence, 'LOGGING');
  const handlers = isDict(logging) && isDict(logging['handlers']) ? Object.entries(logging['handlers']) : [];
  const files = handlers.flatMap(([, handler]) =>
    isDict(handler) && typeof handler['filename'] === 'string' ? [handler['filename']] : [],
  );
  const own = files.filter(
    (file) => !file.startsWith('/') || (evidence.probed !== undefined && file.startsWith(`${evidence.probed}/`)),
  );
  return [...new Set(own)].map((file) => ({
    message: `LOGGING writes to ${evidence.probed === undefined ? file : file.replace(`${evidence.probed}/`, '')} inside the project`,
    hint: "'class': 'logging.StreamHandler'",
    where: whereIs(evidence, 'LOGGING'),
    handled: isHeld(evidence, 'LOGGING'),
  }));
}
