/**
 * The versions that requirement files ask for themselves, one line a distribution, the last one written where they differ: what wins over the
 * wishes of dependencies, as it did with pip before 20.3. https://pip.pypa.io/en/stable/user_guide/#changes-to-the-pip-dependency-resolver-in-20-3-2020
 * @param contents in the order in which they are read
 */
export function ownVersions(contents: readonly string[]): string {
  const lines = contents
    .flatMap((content) => content.replace(/\\\r?\n/g, ' ').split(/\r?\n/))
    .map((line) => line.replace(/(^|\s)(#|--\w).*$/, ''));
  const own = lines.flatMap((line) => {
    // A requirement for some machines only, of a URL, or without a version says nothing here.
    const match = /^\s*([A-Za-z0-9][\w.-]*)\s*(\[[^\]]*\])?\s*((?:===?|~=|!=|<=?|>=?)[^;@]*?)\s*$/.exec(line);
    const [, name = '', extras = '', versions = ''] = match ?? [];
    return match === null
      ? []
      : [[name.toLowerCase().replace(/[-_.]+/g, '-'), `${name}${extras}${versions.replace(/\s+/g, '')}`] as const];
  });
  return [...new Map(own).values()].map((line) => `${line}\n`).join('');
}
