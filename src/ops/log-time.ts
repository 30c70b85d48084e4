/**
 * A moment as RFC 3339 in UTC. `written` is `2026-11-21T05:00:00.123`, with a zone (`Z`, `+01:00`, `+0100`) or without.
 * @param zone IANA name for a time without a zone; absent: this machine's
 * @returns undefined when it is no moment
 */
export function momentIn(written: string, zone?: string): string | undefined {
  const [, local, offset] = /^(.*?)(Z|[+-]\d\d:?\d\d)?$/.exec(written) ?? [];
  if (local === undefined) return undefined;
  if (offset !== undefined) return iso(Date.parse(local + offset.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')));
  if (zone === undefined) return iso(Date.parse(local));
  const asUtc = Date.parse(`${local}Z`);
  // Twice, because the offset is that of the moment, which is known only with the offset.
  const near = asUtc - offsetOf(zone, asUtc);
  return iso(asUtc - offsetOf(zone, near));
}

const iso = (milliseconds: number): string | undefined =>
  Number.isFinite(milliseconds) ? new Date(milliseconds).toISOString() : undefined;

const FORMATTERS = new Map<string, Intl.DateTimeFormat | undefined>();

/** How many milliseconds the zone's clocks are ahead of UTC at that moment; 0 for a zone nobody knows. */
function offsetOf(zone: string, moment: number): number {
  const formatter = formatterOf(zone);
  if (formatter === undefined || !Number.isFinite(moment)) return 0;
  const name = formatter.formatToParts(moment).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  const ahead = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return sign === '-' ? -ahead : ahead;
}

function formatterOf(zone: string): Intl.DateTimeFormat | undefined {
  if (!FORMATTERS.has(zone)) {
    try {
      FORMATTERS.set(zone, new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' }));
    } catch {
      FORMATTERS.set(zone, undefined);
    }
  }
  return FORMATTERS.get(zone);
}
