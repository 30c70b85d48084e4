import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { timed } from './command.mjs';
import { median, seconds } from './table.mjs';

const FILES = 5000;
const ROUNDS = 3;

/** `check` of a project of 5,000 files, for the second time. */
export async function* check(ground) {
  const project = ground.copy('large');
  for (let number = 0; number < FILES; number++) {
    const folder = join(project, 'archive', `part${number % 50}`);
    mkdirSync(folder, { recursive: true });
    const name = ['py', 'html', 'js', 'svg'][number % 4];
    writeFileSync(join(folder, `file${number}.${name}`), TEXTS[name](number));
  }
  const look = () => ground.slipway(['check', '--json', '-C', project]);
  const cold = await timed(look);
  const warm = [];
  for (let round = 0; round < ROUNDS; round++) warm.push((await timed(look)).ms);
  yield {
    what: `check, ${FILES} files, warm`,
    measured: `${seconds(median(warm))} (cold ${seconds(cold.ms)})`,
    wanted: '≤ 2 s',
    ok: median(warm) <= 2000,
  };
}

const TEXTS = {
  py: (number) =>
    `from django.db import models\n\n\nclass Part${number}:\n    """One of many."""\n\n    def value(self, other):\n        return [other + ${number} for _ in range(3)]\n`,
  html: (number) => `{% extends "base.html" %}\n{% block content %}<h1>Part ${number}</h1>{% endblock %}\n`,
  js: (number) => `export const part${number} = () => document.querySelector('#part-${number}');\n`,
  svg: (number) => `<svg xmlns="http://www.w3.org/2000/svg"><circle r="${number}"/></svg>\n`,
};
