import { type Document, parseAllDocuments, type YAMLError } from 'yaml';
import { lexicalProblem } from './lexical.js';
import { failureOf, type Problem, type Source } from './source.js';
import { treeProblems } from './tree.js';

/** The options under which every `slipway.yml` is read. Duplicate keys are told by `treeProblems`, which knows the first of them. */
export const READING = { merge: true, stringKeys: true, uniqueKeys: false, prettyErrors: false, logLevel: 'silent' } as const;

export interface Parsed {
  /** Undefined for a file that holds nothing. */
  readonly document?: Document.Parsed;
  /** What does not keep the values from being checked too. */
  readonly problems: readonly Problem[];
}

/**
 * The one YAML document of a configuration file, free of anything that plain data has no use for.
 * @throws Failure CONFIG_SYNTAX, CONFIG_TAB, CONFIG_DOCUMENTS, CONFIG_ALIAS, CONFIG_TOO_LARGE (config)
 */
export function parseDocument(source: Source): Parsed {
  const early = lexicalProblem(source.text);
  if (early !== undefined) throw failureOf(source, [early]);
  const documents = [...parseAllDocuments(source.text, READING)];
  const [document, second] = documents;
  if (document === undefined) return { problems: [] };
  const [error] = [...document.errors, ...document.warnings].toSorted((a, b) => a.pos[0] - b.pos[0]);
  if (error !== undefined) throw failureOf(source, [syntaxProblem(source.text, error)]);
  if (second !== undefined) throw failureOf(source, [severalDocuments(second)]);
  const problems = treeProblems(document, source.text);
  const [fatal, ...others] = problems.filter(
    (problem) => problem.code !== 'CONFIG_DUPLICATE_KEY' && problem.code !== 'CONFIG_VALUE',
  );
  if (fatal !== undefined) throw failureOf(source, [fatal, ...others]);
  return { document, problems };
}

function severalDocuments(second: Document.Parsed): Problem {
  return {
    code: 'CONFIG_DOCUMENTS',
    at: second.range[0],
    message: 'a second document begins here',
    hint: 'take the line --- away: the file holds one document',
  };
}

const HINTS: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY: 'indent nested keys on lines of their own; quote a text that holds ": "',
  MULTILINE_IMPLICIT_KEY: 'a key and its colon stand on one line: name: value',
  BAD_SCALAR_START: 'put the text in quotes',
  BAD_INDENT: 'keys of one map begin in the same column; a closing bracket is indented as its content',
  BAD_ALIAS: 'put the text in quotes',
  TAG_RESOLVE_FAILED: 'put the text in quotes; tags (!name) have no meaning here',
};

function syntaxProblem(text: string, error: YAMLError): Problem {
  const at = Math.min(error.pos[0], text.length);
  const tab = tabIndent(text, at);
  if (tab !== undefined)
    return { code: 'CONFIG_TAB', at: tab, message: 'this line is indented with a tab', hint: 'indent with spaces' };
  const hint = HINTS[error.code];
  const message = error.message.charAt(0).toLowerCase() + error.message.slice(1);
  return { code: 'CONFIG_SYNTAX', at, message, ...(hint === undefined ? {} : { hint }) };
}

function tabIndent(text: string, at: number): number | undefined {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const tab = /^[ ]*\t/.exec(text.slice(start));
  return tab === null ? undefined : start + tab[0].length - 1;
}
