import type { Published } from './published.js';

/** The text of a requirements file with its lines replaced. */
export const withPublished = (text: string, published: readonly Published[]): string =>
  text
    .split('\n')
    .map((line) => published.find((one) => one.line === line.replace(/\r$/, ''))?.requirement ?? line)
    .join('\n');

/** `-e git+https://…` without the `-e`: an environment outlives what it is made from, and uv takes nothing but local folders as editable. */
export const plainRepositories = (text: string): string =>
  text.replaceAll(/^[ \t]*(?:-e|--editable)[ \t=]*(?=["']?(?:[\w.-]+[ \t]*@[ \t]*)?(?:git|hg|svn|bzr)\+)/gm, '');
