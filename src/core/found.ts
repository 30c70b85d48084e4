/** A detected value and where it was read, so that the tool can always say why it believes something. */
export interface Found<T> {
  readonly value: T;
  /** `manage.py:9`, `pyproject.toml [project]`, `probe`, `default`, … Paths are relative to the project's root. */
  readonly from: string;
}

export const found = <T>(value: T, from: string): Found<T> => ({ value, from });
