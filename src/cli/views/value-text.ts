/** A detected value as a person reads it: lists with commas, records by their name where they have one. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(valueText).join(', ');
  return recordText(value);
}

function recordText(record: object): string {
  if ('value' in record && 'from' in record) return valueText(record.value);
  if ('name' in record && typeof record.name === 'string') return record.name;
  return Object.entries(record)
    .map(([name, value]) => `${name} ${valueText(value)}`)
    .join(', ');
}
