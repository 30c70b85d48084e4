import { join, parentOf, type Tree } from '../tree.js';
import { parseRequirement, type Requirement } from './requirement.js';

/** What a requirements file and those it includes ask for. */
export interface RequirementsFile {
  readonly path: string;
  readonly requirements: readonly Requirement[];
  /** From `-c` files: they say which version, not what. */
  readonly constraints: readonly Requirement[];
  /** The file, what it includes and its constraints, in order. */
  readonly inputs: readonly string[];
  /** Folders of the tree that it installs (`-e .`, `./vendor/thing`). */
  readonly local: readonly string[];
  /** Lines that are no requirement, with where they stand. */
  readonly unread: readonly string[];
}

interface Reading {
  readonly requirements: Requirement[];
  readonly constraints: Requirement[];
  readonly inputs: string[];
  readonly local: string[];
  readonly unread: string[];
}

/** Reads a requirements file of the tree with all `-r` and `-c` it names; a missing or circular include is told in `unread`. */
export function readRequirements(tree: Tree, path: string): RequirementsFile {
  const reading: Reading = { requirements: [], constraints: [], inputs: [], local: [], unread: [] };
  readInto(tree, path, reading, reading.requirements);
  return { path, ...reading };
}

function readInto(tree: Tree, path: string, reading: Reading, into: Requirement[]): void {
  if (reading.inputs.includes(path)) return;
  const text = tree.text(path);
  if (text === undefined) {
    reading.unread.push(`${path}: there is no such file`);
    return;
  }
  reading.inputs.push(path);
  for (const { content, line } of logicalLines(text)) readLine(tree, path, content, line, reading, into);
}

/** Comments and line continuations resolved, as pip does. */
export function logicalLines(text: string): { content: string; line: number }[] {
  const lines: { content: string; line: number }[] = [];
  let pending = '';
  let start = 1;
  text.split(/\r?\n/).forEach((raw, index) => {
    if (pending === '') start = index + 1;
    if (/\\\s*$/.test(raw) && !/^\s*#/.test(raw)) {
      pending += raw.replace(/\\\s*$/, ' ');
      return;
    }
    const content = (pending + raw).replace(/(^|\s)#.*$/, '').trim();
    pending = '';
    if (content !== '') lines.push({ content, line: start });
  });
  if (pending.trim() !== '') lines.push({ content: pending.trim(), line: start });
  return lines;
}

function readLine(tree: Tree, path: string, content: string, line: number, reading: Reading, into: Requirement[]): void {
  const option = /^(-r|--requirement|-c|--constraint|-e|--editable)(?:\s+|=|(?=[^\s=-]))(.+)$/.exec(content);
  const value = (option?.[2] ?? '').trim().replaceAll(/^["']|["']$/g, '');
  switch (option?.[1]) {
    case '-r':
    case '--requirement':
      readInto(tree, join(parentOf(path), value), reading, into);
      return;
    case '-c':
    case '--constraint':
      readInto(tree, join(parentOf(path), value), reading, reading.constraints);
      return;
    case '-e':
    case '--editable':
      readPackage(path, value, line, reading, into);
      return;
  }
  if (content.startsWith('-')) return;
  readPackage(path, content, line, reading, into);
}

function readPackage(path: string, content: string, line: number, reading: Reading, into: Requirement[]): void {
  const text = content.replaceAll(/\s+--(hash|config-settings|global-option|install-option)[=\s]\S+/g, '').trim();
  if (/^\.{1,2}(\/|\[|$)/.test(text)) {
    reading.local.push(join(parentOf(path), text.replace(/\[.*$/, '')).replace(/^\.$/, ''));
    return;
  }
  const requirement = parseRequirement(text);
  if (requirement === undefined) reading.unread.push(`${path}:${line}: ${content}`);
  else into.push(requirement);
}
