/** What apt or dpkg said, in a few words and with what mends it. */
export interface AptTrouble {
  /** `expired`: the mirror's own lists are too old, or the clock is wrong. */
  readonly kind: 'expired' | 'early' | 'locked' | 'interrupted' | 'full' | 'unreachable' | 'unsigned' | 'missing' | 'broken';
  /** apt's own line. */
  readonly line: string;
}

/** First match counts; lines as of https://salsa.debian.org/apt-team/apt (apt-pkg/acquire-item.cc, apt-pkg/deb/debsystem.cc). */
const TROUBLES: readonly (readonly [AptTrouble['kind'], RegExp])[] = [
  ['full', /^.*(No space left on device|You don't have enough free space).*$/m],
  ['interrupted', /^.*dpkg was interrupted.*$/m],
  ['locked', /^.*(Could not get lock|Unable to acquire the dpkg frontend lock|Unable to lock directory).*$/m],
  ['expired', /^.*Release file for .* is expired.*$/m],
  ['early', /^.*Release file for .* is not valid yet.*$/m],
  ['unsigned', /^.*(is not signed|NO_PUBKEY|signatures? (couldn't be verified|were invalid)).*$/m],
  [
    'unreachable',
    /^.*(Could not (resolve|connect to)|Temporary failure resolving|Failed to fetch|Cannot initiate the connection).*$/m,
  ],
  ['missing', /^.*(Unable to locate package|has no installation candidate).*$/m],
  ['broken', /^.*(unmet dependencies|held broken packages|Sub-process \/usr\/bin\/dpkg returned an error).*$/m],
];

/** Why apt failed, from what it printed; undefined where it is none of the usual reasons. */
export function aptTrouble(said: string): AptTrouble | undefined {
  for (const [kind, pattern] of TROUBLES) {
    const line = pattern.exec(said)?.[0];
    if (line !== undefined) return { kind, line: line.replace(/^\s*[EW]:\s*/, '').trim() };
  }
  return undefined;
}
