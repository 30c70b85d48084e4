import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/slipway.js';
import { LADDER, nameOf } from './ladder.js';
import type { Row } from './row.js';
import { markdown, merged } from './table.js';

/** A run of the whole ladder, as a whole. */
export interface WholeRun {
  readonly seconds: number;
  /** How many projects at a time. */
  readonly jobs: number;
  readonly cores: number;
  /** Whether each was brought up again with a proposed slipway.yml. */
  readonly proposed: boolean;
  readonly day: string;
}

interface Document {
  readonly whole?: WholeRun;
  readonly rows: readonly Row[];
}

const JSON_FILE = join(ROOT, 'docs/corpus.json');

/** The rows of a corpus.json; none where there is no such file. */
export const keptRows = (path = JSON_FILE): readonly Row[] => read(path).rows;

/** Rows into their places in docs/corpus.json and docs/corpus.md. @param whole where all of the ladder was run in one go */
export function keepRows(rows: readonly Row[], whole?: WholeRun): void {
  const earlier = read(JSON_FILE);
  const all = merged(earlier.rows, rows, LADDER.map(nameOf));
  const run = whole ?? earlier.whole;
  const document: Document = run === undefined ? { rows: all } : { whole: run, rows: all };
  writeFileSync(JSON_FILE, `${JSON.stringify(document, null, 1)}\n`);
  writeFileSync(join(ROOT, 'docs/corpus.md'), markdown(all, run));
}

function read(path: string): Document {
  if (path === JSON_FILE && !existsSync(path)) return { rows: [] };
  const document: Document | Row[] = JSON.parse(readFileSync(path, 'utf8'));
  return Array.isArray(document) ? { rows: document } : document;
}
