/** A name for the app: lower-case letters, digits and dashes, starting with a letter, at most 40 characters. */
export function slug(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[-0-9]+|-+$/g, '');
  return plain.slice(0, 40).replace(/-+$/, '') || 'app';
}
