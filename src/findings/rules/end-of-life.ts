/** The day after which a series gets no security fixes any more. https://www.djangoproject.com/download/#supported-versions */
export const DJANGO_ENDS: Readonly<Record<string, string>> = {
  '1.8': '2018-04-01',
  '1.9': '2017-04-04',
  '1.10': '2017-12-02',
  '1.11': '2020-04-01',
  '2.0': '2019-04-01',
  '2.1': '2019-12-02',
  '2.2': '2022-04-11',
  '3.0': '2021-04-06',
  '3.1': '2021-12-07',
  '3.2': '2024-04-01',
  '4.0': '2023-04-01',
  '4.1': '2023-12-01',
  '4.2': '2026-04-07',
  '5.0': '2025-04-02',
  '5.1': '2025-12-03',
  '5.2': '2028-04-30',
  '6.0': '2027-04-30',
  '6.1': '2027-12-31',
};

/** https://devguide.python.org/versions/ */
export const PYTHON_ENDS: Readonly<Record<string, string>> = {
  '3.5': '2020-09-30',
  '3.6': '2021-12-23',
  '3.7': '2023-06-27',
  '3.8': '2024-10-07',
  '3.9': '2025-10-31',
  '3.10': '2026-10-31',
  '3.11': '2027-10-31',
  '3.12': '2028-10-31',
  '3.13': '2029-10-31',
  '3.14': '2030-10-31',
};

const DAY = 86_400_000;

/** Days from one RFC 3339 date to another. */
export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / DAY);

/** `5.2.17` → `5.2` */
export const seriesOf = (version: string): string => /^\d+\.\d+/.exec(version)?.[0] ?? version;
