/**
 * Which Debian package brings a header, a program or a library that a build looks for. Names of Debian stable; `a|b` where releases differ.
 * https://packages.debian.org/search?searchon=contents
 */
type Names = Readonly<Record<string, readonly string[]>>;

/** By the path in `#include`, or by its first folder with a `/` behind it. */
const HEADERS: Names = {
  'Python.h': ['python3-dev'],
  'libpq-fe.h': ['libpq-dev'],
  'pg_config.h': ['libpq-dev'],
  'mysql.h': ['default-libmysqlclient-dev'],
  'mysql/': ['default-libmysqlclient-dev'],
  'mariadb/': ['libmariadb-dev'],
  'lber.h': ['libldap-dev|libldap2-dev', 'libsasl2-dev'],
  'ldap.h': ['libldap-dev|libldap2-dev', 'libsasl2-dev'],
  'sasl.h': ['libsasl2-dev'],
  'sasl/': ['libsasl2-dev'],
  'sql.h': ['unixodbc-dev'],
  'sqlext.h': ['unixodbc-dev'],
  'libmemcached/': ['libmemcached-dev'],
  'graphviz/': ['libgraphviz-dev'],
  'libxml/': ['libxml2-dev', 'libxslt1-dev'],
  'libxslt/': ['libxslt1-dev'],
  'xmlsec/': ['libxmlsec1-dev', 'pkg-config'],
  'ffi.h': ['libffi-dev'],
  'openssl/': ['libssl-dev'],
  'zlib.h': ['zlib1g-dev'],
  'jpeglib.h': ['libjpeg-dev'],
  'tiffio.h': ['libtiff-dev'],
  'ft2build.h': ['libfreetype-dev|libfreetype6-dev'],
  'lcms2.h': ['liblcms2-dev'],
  'openjpeg.h': ['libopenjp2-7-dev'],
  'webp/': ['libwebp-dev'],
  'curl/': ['libcurl4-openssl-dev', 'libssl-dev'],
  'gdal.h': ['libgdal-dev'],
  'gdal_version.h': ['libgdal-dev'],
  'cpl_port.h': ['libgdal-dev'],
  'geos_c.h': ['libgeos-dev'],
  'proj.h': ['libproj-dev'],
  'snappy-c.h': ['libsnappy-dev'],
  'snappy.h': ['libsnappy-dev'],
  'librdkafka/': ['librdkafka-dev'],
  'gssapi.h': ['libkrb5-dev'],
  'gssapi/': ['libkrb5-dev'],
  'krb5.h': ['libkrb5-dev'],
  'magic.h': ['libmagic-dev'],
  'vips/': ['libvips-dev'],
  'libheif/': ['libheif-dev'],
  'cairo.h': ['libcairo2-dev', 'pkg-config'],
  'gmp.h': ['libgmp-dev'],
  'mpfr.h': ['libmpfr-dev'],
  'yaml.h': ['libyaml-dev'],
  'sqlite3.h': ['libsqlite3-dev'],
  'bzlib.h': ['libbz2-dev'],
  'lzma.h': ['liblzma-dev'],
  'event.h': ['libevent-dev'],
  'uuid/': ['uuid-dev'],
  'pcre.h': ['libpcre3-dev'],
  'pcre2.h': ['libpcre2-dev'],
  'zbar.h': ['libzbar-dev'],
  'maxminddb.h': ['libmaxminddb-dev'],
  'systemd/': ['libsystemd-dev', 'pkg-config'],
  'dbus/': ['libdbus-1-dev', 'pkg-config'],
  'pcap.h': ['libpcap-dev'],
  'sodium.h': ['libsodium-dev'],
  'leveldb/': ['libleveldb-dev'],
  're2/': ['libre2-dev'],
  'boost/': ['libboost-all-dev'],
  'enchant.h': ['libenchant-2-dev'],
  'hdf5.h': ['libhdf5-dev'],
  'ImageMagick/': ['libmagickwand-dev'],
};

const PROGRAMS: Names = {
  gcc: ['build-essential'],
  cc: ['build-essential'],
  'g++': ['build-essential'],
  'c++': ['build-essential'],
  'x86_64-linux-gnu-gcc': ['build-essential'],
  'aarch64-linux-gnu-gcc': ['build-essential'],
  make: ['build-essential'],
  cmake: ['cmake'],
  gfortran: ['gfortran'],
  'pkg-config': ['pkg-config'],
  pg_config: ['libpq-dev'],
  mysql_config: ['default-libmysqlclient-dev', 'pkg-config'],
  mariadb_config: ['libmariadb-dev', 'pkg-config'],
  'curl-config': ['libcurl4-openssl-dev', 'libssl-dev'],
  'xml2-config': ['libxml2-dev', 'libxslt1-dev'],
  'xslt-config': ['libxml2-dev', 'libxslt1-dev'],
  'gdal-config': ['libgdal-dev'],
  'geos-config': ['libgeos-dev'],
  'krb5-config': ['libkrb5-dev'],
  cargo: ['cargo', 'rustc'],
  rustc: ['cargo', 'rustc'],
  swig: ['swig'],
  git: ['git'],
  hg: ['mercurial'],
  dot: ['graphviz'],
  msgfmt: ['gettext'],
};

/** Names of linker (`-lpq`) and of pkg-config (`mariadb`). */
const LIBRARIES: Names = {
  pq: ['libpq-dev'],
  libpq: ['libpq-dev'],
  ssl: ['libssl-dev'],
  crypto: ['libssl-dev'],
  openssl: ['libssl-dev'],
  libssl: ['libssl-dev'],
  mysqlclient: ['default-libmysqlclient-dev', 'pkg-config'],
  mariadb: ['default-libmysqlclient-dev', 'pkg-config'],
  libmariadb: ['default-libmysqlclient-dev', 'pkg-config'],
  ldap: ['libldap-dev|libldap2-dev'],
  ldap_r: ['libldap-dev|libldap2-dev'],
  lber: ['libldap-dev|libldap2-dev'],
  sasl2: ['libsasl2-dev'],
  z: ['zlib1g-dev'],
  zlib: ['zlib1g-dev'],
  jpeg: ['libjpeg-dev'],
  ffi: ['libffi-dev'],
  libffi: ['libffi-dev'],
  xml2: ['libxml2-dev'],
  'libxml-2.0': ['libxml2-dev'],
  xslt: ['libxslt1-dev'],
  libxslt: ['libxslt1-dev'],
  xmlsec1: ['libxmlsec1-dev', 'pkg-config'],
  curl: ['libcurl4-openssl-dev'],
  libcurl: ['libcurl4-openssl-dev'],
  memcached: ['libmemcached-dev'],
  odbc: ['unixodbc-dev'],
  cairo: ['libcairo2-dev', 'pkg-config'],
  pango: ['libpango1.0-dev', 'pkg-config'],
  'gobject-introspection-1.0': ['libgirepository1.0-dev', 'pkg-config'],
  'dbus-1': ['libdbus-1-dev', 'pkg-config'],
  libsystemd: ['libsystemd-dev', 'pkg-config'],
  snappy: ['libsnappy-dev'],
  rdkafka: ['librdkafka-dev'],
  gssapi_krb5: ['libkrb5-dev'],
  gdal: ['libgdal-dev'],
  geos_c: ['libgeos-dev'],
  magic: ['libmagic1|libmagic1t64'],
  vips: ['libvips-dev'],
  cgraph: ['libgraphviz-dev'],
  graphviz: ['libgraphviz-dev'],
};

/** Packages that bring a header, as it is written in `#include`; [] where none is known. */
export function headerPackages(header: string): readonly string[] {
  const [folder] = header.split('/');
  return HEADERS[header] ?? HEADERS[`${folder}/`] ?? HEADERS[header.split('/').at(-1) ?? ''] ?? [];
}

/** Packages that bring a program of this name. */
export const programPackages = (program: string): readonly string[] => PROGRAMS[program] ?? [];

/** Packages that bring what the linker or pkg-config calls this. */
export const libraryPackages = (library: string): readonly string[] => LIBRARIES[library] ?? [];

/** The first of each list of alternatives, as `apt-get install` takes them. */
export const aptInstall = (packages: readonly string[]): string =>
  `apt-get install -y ${[...new Set(packages.map((name) => name.split('|')[0] ?? name))].join(' ')}`;
