import type { Command } from 'commander';
import type { Manner, Work } from '../session.js';

/** Does the work of a command; its options are read from the command and those above it. */
export type Perform = (command: Command, manner: Manner, work: Work) => Promise<void>;

/** Adds one command to the program. */
export type Register = (program: Command, perform: Perform) => void;

/** The examples below a command's help. */
export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}\n`;

/** Collects the values of an option that may be given again. */
export const collected = (value: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), value];
