/**
 * The names in a git index, versions 2 to 4: https://git-scm.com/docs/index-format. Entries of a merge in progress appear once.
 * Undefined when it is no index this reads; names keep their bytes.
 */
export function gitIndexNames(index: Buffer): Buffer[] | undefined {
  if (index.length < 12 || index.toString('latin1', 0, 4) !== 'DIRC') return undefined;
  const version = index.readUInt32BE(4);
  if (version < 2 || version > 4) return undefined;
  const names: Buffer[] = [];
  let at = 12;
  let name = Buffer.alloc(0);
  for (let entry = 0; entry < index.readUInt32BE(8); entry += 1) {
    const flags = at + 60;
    if (flags + 2 > index.length) return undefined;
    const extended = version > 2 && (index.readUInt16BE(flags) & 0x4000) !== 0;
    const start = flags + (extended ? 4 : 2);
    const read = version === 4 ? compressedName(index, start, name) : plainName(index, start, at);
    if (read === undefined) return undefined;
    if (names.length === 0 || !read.name.equals(name)) names.push(read.name);
    name = read.name;
    at = read.next;
  }
  return names;
}

interface Read {
  readonly name: Buffer<ArrayBuffer>;
  readonly next: number;
}

/** Versions 2 and 3: the name, then one to eight NULs up to a multiple of eight bytes from the entry's start. */
function plainName(index: Buffer, start: number, entry: number): Read | undefined {
  const end = index.indexOf(0, start);
  if (end < 0) return undefined;
  return { name: Buffer.from(index.subarray(start, end)), next: entry + (Math.floor((end - entry) / 8) + 1) * 8 };
}

/** Version 4: how many bytes to drop from the previous name (an offset varint as in pack files), then what to add. */
function compressedName(index: Buffer, start: number, previous: Buffer): Read | undefined {
  let at = start;
  let byte = index[at++] ?? 0;
  let drop = byte & 127;
  while ((byte & 128) !== 0) {
    byte = index[at++] ?? 0;
    drop = ((drop + 1) << 7) | (byte & 127);
  }
  const end = index.indexOf(0, at);
  if (end < 0 || drop > previous.length) return undefined;
  return { name: Buffer.concat([previous.subarray(0, previous.length - drop), index.subarray(at, end)]), next: end + 1 };
}
