import type { NativeNeed } from '../core/project.js';

type Row = Omit<NativeNeed, 'wantedBy'> & { readonly distributions: readonly string[] };

const build = (
  distributions: string[],
  packages: string[],
  probe: NativeNeed['probe'],
  onlyWithoutWheel = false,
  note?: string,
): Row => ({
  distributions,
  when: 'build',
  packages,
  probe,
  onlyWithoutWheel,
  ...(note === undefined ? {} : { note }),
});

const run = (distributions: string[], packages: string[], probe: NativeNeed['probe'], note?: string): Row => ({
  distributions,
  when: 'run',
  packages,
  probe,
  onlyWithoutWheel: false,
  ...(note === undefined ? {} : { note }),
});

const header = (name: string): NativeNeed['probe'] => ({ header: name });
const library = (name: string): NativeNeed['probe'] => ({ library: name });
const program = (name: string): NativeNeed['probe'] => ({ program: name });

const COMPILER = ['gcc', 'python3-dev'];

/**
 * Native libraries and programs by distribution, under the names of Debian 13; `a|b` gives the names of other releases.
 * Names follow https://packages.debian.org/ and the install pages of each distribution.
 */
export const NATIVES: readonly Row[] = [
  build(['psycopg2', 'psycopg-c'], [...COMPILER, 'libpq-dev'], header('libpq-fe.h')),
  run(
    ['psycopg2', 'psycopg', 'psycopg-c'],
    ['libpq5'],
    library('libpq.so.5'),
    'psycopg2-binary and psycopg[binary] bring their own',
  ),
  build(['mysqlclient'], [...COMPILER, 'pkg-config', 'default-libmysqlclient-dev'], header('mysql/mysql.h|mariadb/mysql.h')),
  run(['mysqlclient'], ['libmariadb3'], library('libmariadb.so.3')),
  run(
    ['cx-oracle'],
    ['libaio1t64|libaio1'],
    library('libclntsh.so'),
    'cx_Oracle needs Oracle Instant Client (Basic or Basic Light), which Debian does not have: unpack it from oracle.com and add its folder to the loader (ldconfig) or to LD_LIBRARY_PATH',
  ),
  build(
    ['pillow'],
    [
      ...COMPILER,
      'libjpeg62-turbo-dev',
      'zlib1g-dev',
      'libfreetype6-dev',
      'liblcms2-dev',
      'libopenjp2-7-dev',
      'libtiff-dev',
      'libwebp-dev',
    ],
    header('jpeglib.h'),
    true,
  ),
  build(['lxml'], [...COMPILER, 'libxml2-dev', 'libxslt1-dev'], header('libxml2/libxml/xmlversion.h'), true),
  build(
    ['xmlsec', 'python3-saml'],
    [...COMPILER, 'pkg-config', 'libxmlsec1-dev', 'libxml2-dev', 'libltdl-dev'],
    header('xmlsec1/xmlsec/xmlsec.h'),
    true,
  ),
  run(['xmlsec', 'python3-saml'], ['libxmlsec1t64-openssl|libxmlsec1-openssl'], library('libxmlsec1-openssl.so.1')),
  run(['pysaml2', 'djangosaml2', 'django-saml2-auth', 'grafana-django-saml2-auth'], ['xmlsec1'], program('xmlsec1')),
  build(['python-ldap', 'django-auth-ldap'], [...COMPILER, 'libldap2-dev|libldap-dev', 'libsasl2-dev'], header('ldap.h')),
  run(['python-ldap', 'django-auth-ldap'], ['libldap2|libldap-2.5-0', 'libsasl2-2'], library('libldap.so.2')),
  run(
    ['weasyprint', 'django-weasyprint'],
    ['libpango-1.0-0', 'libpangoft2-1.0-0', 'libharfbuzz-subset0', 'fonts-dejavu-core', 'shared-mime-info'],
    library('libpango-1.0.so.0'),
  ),
  build(['pycairo', 'rlpycairo'], [...COMPILER, 'libcairo2-dev', 'pkg-config'], header('cairo/cairo.h')),
  run(['pycairo', 'cairocffi', 'cairosvg', 'rlpycairo', 'xhtml2pdf'], ['libcairo2'], library('libcairo.so.2')),
  run(['python-magic', 'django-magic'], ['libmagic1t64|libmagic1'], library('libmagic.so.1')),
  build(['pygraphviz'], [...COMPILER, 'libgraphviz-dev'], header('graphviz/cgraph.h')),
  run(['pygraphviz', 'graphviz', 'pydot'], ['graphviz'], program('dot')),
  build(['uwsgi'], [...COMPILER, 'libpcre2-dev', 'libssl-dev'], header('pcre2.h')),
  build(['pycurl'], [...COMPILER, 'libcurl4-openssl-dev', 'libssl-dev'], header('curl/curl.h'), true),
  run(['pycurl'], ['libcurl4t64|libcurl4'], library('libcurl.so.4')),
  build(['python-snappy'], [...COMPILER, 'libsnappy-dev'], header('snappy.h'), true),
  build(['pylibmc'], [...COMPILER, 'libmemcached-dev', 'zlib1g-dev'], header('libmemcached/memcached.h')),
  run(['pylibmc'], ['libmemcached11t64|libmemcached11'], library('libmemcached.so.11')),
  build(['pyodbc'], ['g++', 'python3-dev', 'unixodbc-dev'], header('sql.h'), true),
  run(
    ['pyodbc', 'mssql-django', 'django-mssql-backend'],
    ['unixodbc'],
    library('libodbc.so.2'),
    'SQL Server also wants the ODBC driver of its maker',
  ),
  build(['confluent-kafka'], [...COMPILER, 'librdkafka-dev'], header('librdkafka/rdkafka.h'), true),
  build(['gssapi', 'kerberos', 'pykerberos'], [...COMPILER, 'libkrb5-dev'], header('gssapi/gssapi.h')),
  run(['gssapi', 'kerberos', 'pykerberos', 'requests-kerberos'], ['libgssapi-krb5-2'], library('libgssapi_krb5.so.2')),
  run(['pyvips'], ['libvips42t64|libvips42'], library('libvips.so.42')),
  run(['pyheif'], ['libheif1'], library('libheif.so.1')),
  run(['pyzbar'], ['libzbar0t64|libzbar0'], library('libzbar.so.0')),
  run(['pylibdmtx'], ['libdmtx0t64|libdmtx0b'], library('libdmtx.so.0')),
  run(['pyenchant'], ['libenchant-2-2'], library('libenchant-2.so.2')),
  run(
    ['opencv-python'],
    ['libgl1', 'libglib2.0-0t64|libglib2.0-0'],
    library('libGL.so.1'),
    'opencv-python-headless needs neither',
  ),
  build(
    ['pygobject'],
    [...COMPILER, 'libgirepository1.0-dev', 'libcairo2-dev', 'pkg-config'],
    header('girepository-1.0/girepository.h'),
  ),
  build(
    ['cryptography', 'bcrypt', 'argon2-cffi-bindings', 'cffi'],
    [...COMPILER, 'libffi-dev', 'libssl-dev'],
    header('ffi.h'),
    true,
  ),
  build(['orjson', 'pydantic-core', 'rpds-py', 'nh3'], ['cargo'], program('cargo'), true),
  build(
    [
      'numpy',
      'pandas',
      'scipy',
      'grpcio',
      'uvloop',
      'httptools',
      'greenlet',
      'gevent',
      'psutil',
      'reportlab',
      'zstandard',
      'msgpack',
      'markupsafe',
    ],
    ['g++', 'python3-dev'],
    program('g++'),
    true,
  ),
  run(['pdf2image', 'pdftotext'], ['poppler-utils'], program('pdftoppm')),
  build(['pdftotext'], ['g++', 'pkg-config', 'libpoppler-cpp-dev', 'python3-dev'], header('poppler/cpp/poppler-document.h')),
  run(['pytesseract', 'ocrmypdf'], ['tesseract-ocr'], program('tesseract')),
  run(['ocrmypdf'], ['ghostscript', 'qpdf', 'unpaper'], program('gs')),
  run(['pdfkit', 'django-wkhtmltopdf', 'imgkit'], ['wkhtmltopdf'], program('wkhtmltopdf')),
  run(['wand'], ['libmagickwand-7.q16-10|libmagickwand-6.q16-6'], library('libMagickWand-7.Q16.so.10')),
  run(['ffmpeg-python', 'pydub', 'moviepy', 'django-video-encoding'], ['ffmpeg'], program('ffmpeg')),
  run(['gitpython'], ['git'], program('git')),
  run(['django-dbbackup'], ['postgresql-client'], program('pg_dump')),
  run(['python-gnupg', 'gnupg'], ['gnupg'], program('gpg')),
  run(['pypandoc'], ['pandoc'], program('pandoc')),
];

/** GeoDjango loads them by ctypes, even for `manage.py check`: https://docs.djangoproject.com/en/dev/ref/contrib/gis/install/geolibs/ */
export const GEODJANGO: readonly NativeNeed[] = [
  {
    wantedBy: 'django.contrib.gis',
    when: 'run',
    packages: ['libgdal36|libgdal32', 'gdal-bin'],
    probe: { library: 'libgdal.so' },
    onlyWithoutWheel: false,
  },
  {
    wantedBy: 'django.contrib.gis',
    when: 'run',
    packages: ['libgeos-c1t64|libgeos-c1v5'],
    probe: { library: 'libgeos_c.so.1' },
    onlyWithoutWheel: false,
  },
  {
    wantedBy: 'django.contrib.gis',
    when: 'run',
    packages: ['libproj25'],
    probe: { library: 'libproj.so.25' },
    onlyWithoutWheel: false,
  },
];

export const SPATIALITE: NativeNeed = {
  wantedBy: 'django.contrib.gis',
  when: 'run',
  packages: ['libsqlite3-mod-spatialite'],
  probe: { library: 'mod_spatialite.so' },
  onlyWithoutWheel: false,
};

export const GETTEXT: NativeNeed = {
  wantedBy: 'compilemessages',
  when: 'build',
  packages: ['gettext'],
  probe: { program: 'msgfmt' },
  onlyWithoutWheel: false,
};

export const ORACLE_THICK: NativeNeed = {
  wantedBy: 'oracledb',
  when: 'run',
  packages: ['libaio1t64|libaio1'],
  probe: { library: 'libclntsh.so' },
  onlyWithoutWheel: false,
  note: 'init_oracle_client() is called, so python-oracledb runs in thick mode: it needs Oracle Instant Client (Basic or Basic Light) on the loader path',
};

/** Programs that code starts, by the word it starts them with. */
export const PROGRAMS: Readonly<Record<string, string>> = {
  ffmpeg: 'ffmpeg',
  ffprobe: 'ffmpeg',
  pdftotext: 'poppler-utils',
  pdftoppm: 'poppler-utils',
  tesseract: 'tesseract-ocr',
  gs: 'ghostscript',
  qpdf: 'qpdf',
  unpaper: 'unpaper',
  convert: 'imagemagick',
  magick: 'imagemagick',
  wkhtmltopdf: 'wkhtmltopdf',
  pg_dump: 'postgresql-client',
  'rsvg-convert': 'librsvg2-bin',
  libreoffice: 'libreoffice-core',
  soffice: 'libreoffice-core',
  exiftool: 'libimage-exiftool-perl',
  pandoc: 'pandoc',
  optipng: 'optipng',
  jpegoptim: 'jpegoptim',
};
