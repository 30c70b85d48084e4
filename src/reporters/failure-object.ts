import type { Failure } from '../core/failure.js';

/** A failure as the JSON contract has it. */
export interface FailureObject {
  readonly code: string;
  readonly kind: string;
  readonly message: string;
  readonly hint: string;
  readonly detail: string;
  /** The page about this code, below Slipway's own folder. */
  readonly docs: string;
}

export const docsPage = (code: string): string => `docs/errors/${code}.md`;

export const failureObject = (failure: Failure): FailureObject => ({
  code: failure.code,
  kind: failure.kind,
  message: failure.message,
  hint: failure.hint ?? '',
  detail: failure.detail ?? '',
  docs: docsPage(failure.code),
});
