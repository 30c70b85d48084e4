import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Visitor } from '../support/browserless.js';
import { liveProject } from '../support/live-app.js';
import { refusedWith } from '../support/serving.js';
import { ROOT } from '../support/slipway.js';

/** As on a machine that does not reach GitHub. */
function withoutRepositories(): { readonly env: Record<string, string>; end(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-git-'));
  const config = join(folder, 'gitconfig');
  writeFileSync(config, `[url "file://${folder}/nothing/"]\n\tinsteadOf = https://github.com/\n`);
  return { env: { GIT_CONFIG_GLOBAL: config }, end: () => rmSync(folder, { recursive: true, force: true }) };
}

test('where a repository cannot be read, the package that names it stands in; one that is another’s does not', {
  timeout: 600_000,
}, async () => {
  const project = liveProject(join(ROOT, 'test/fixtures/projects/repository'));
  const nowhere = withoutRepositories();
  try {
    const up = () => project.run(['up', '--json'], { env: nowhere.env });
    const ran = await up();
    assert.equal(ran.code, 0, `${JSON.stringify(ran.result)}\n${ran.stderr}`);
    const { url, ca, warnings } = ran.result;
    assert.match(
      JSON.stringify(warnings),
      /"repository-unreachable"[^}]*github\.com\/un33k\/python-slugify[^}]*python-slugify==8\.0\.4 of the package index/,
    );
    assert.equal((await new Visitor(String(ca)).visit(String(url))).text, 'from-a-repository');

    const file = join(project.directory, 'requirements.txt');
    writeFileSync(file, readFileSync(file, 'utf8').replace('un33k', 'somebody-else'));
    refusedWith(await up(), { exit: 5, code: 'REPOSITORY_UNREACHABLE', message: /github\.com\/somebody-else\/python-slugify/ });
    assert.equal((await new Visitor(String(ca)).visit(String(url))).text, 'from-a-repository');
  } finally {
    await project.end();
    nowhere.end();
  }
});
