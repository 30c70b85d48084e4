import { flat, type Lines } from './nginx-lines.js';

export { flat, type Lines };

/** `<Head ARGUMENT> … </Head>` with its lines indented. @param head the whole first line */
export const block = (head: string, ...lines: Lines[]): string[] => [
  head,
  ...flat(lines).map((line) => (line === '' ? '' : `  ${line}`)),
  `</${/^<(\w+)/.exec(head)?.[1] ?? ''}>`,
];
