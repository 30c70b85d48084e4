import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { markUsed, pruneFolder, pruneHome } from '../../src/flows/prune-home.js';

const NOW = Date.now();
const DAY = 24 * 3600_000;

/** A home with environments last used that many days ago, and releases that name some of them. */
function homeOf(ages: Readonly<Record<string, number>>, releases: Readonly<Record<string, string>> = {}): string {
  const home = mkdtempSync(join(tmpdir(), 'slipway-home-'));
  for (const [name, days] of Object.entries(ages)) {
    const folder = join(home, 'environments', name);
    mkdirSync(join(folder, 'bin'), { recursive: true });
    writeFileSync(join(folder, '.complete'), '');
    const at = new Date(NOW - days * DAY);
    utimesSync(join(folder, '.complete'), at, at);
  }
  for (const [release, key] of Object.entries(releases)) {
    const folder = join(home, 'apps/shop-1/local/releases', release);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'release.json'), JSON.stringify({ format: 99, a: { venv: join(home, 'environments', key) } }));
  }
  return home;
}

const left = (home: string, folder = 'environments'): string[] => readdirSync(join(home, folder)).sort();

test('what no release of any app names goes, but for the newest few', async () => {
  const home = homeOf(
    { a: 9, b: 8, c: 7, d: 6, e: 5, f: 4, g: 3, live: 99, former: 98 },
    { '20261121-1': 'live', '20261120-1': 'former' },
  );
  try {
    await pruneHome(home, NOW);
    assert.deepEqual(left(home), ['c', 'd', 'e', 'f', 'former', 'g', 'live']);
    await pruneHome(home, NOW + 99 * DAY);
    assert.deepEqual(left(home), ['c', 'd', 'e', 'f', 'former', 'g', 'live'], 'the newest stay, however old');
    rmSync(join(home, 'apps/shop-1/local/releases/20261120-1'), { recursive: true });
    await pruneHome(home, NOW);
    assert.deepEqual(left(home), ['c', 'd', 'e', 'f', 'g', 'live'], 'a release that is gone holds nothing');
  } finally {
    rmSync(home, { recursive: true });
  }
});

test('what was used a moment ago stays, as another run may be at work with it', async () => {
  const home = homeOf({ old: 40, used: 41, fresh: 0.5 });
  const environments = join(home, 'environments');
  try {
    await markUsed(join(environments, 'used'));
    await markUsed(join(environments, 'not-there'));
    await pruneFolder(environments, { used: async () => new Set(), spare: 0, before: NOW - DAY });
    assert.deepEqual(left(home), ['fresh', 'used']);
  } finally {
    rmSync(home, { recursive: true });
  }
});

test('half an environment of an interrupted installation goes with time, and what an interrupted run has left half gone', async () => {
  const home = homeOf({ whole: 2, 'torn.going': 1 });
  const environments = join(home, 'environments');
  try {
    mkdirSync(join(environments, 'half'));
    await pruneFolder(environments, { used: async () => new Set(), spare: 0, before: NOW - 5 * DAY });
    assert.deepEqual(left(home), ['half', 'whole']);
    utimesSync(join(environments, 'half'), new Date(NOW - 9 * DAY), new Date(NOW - 9 * DAY));
    await pruneFolder(environments, { used: async () => new Set(['whole']), spare: 0, before: NOW - DAY });
    assert.deepEqual(left(home), ['whole']);
  } finally {
    rmSync(home, { recursive: true });
  }
});

test('packages of front ends are kept by their age', async () => {
  const home = homeOf({});
  try {
    for (let number = 0; number < 8; number++) {
      const folder = join(home, 'frontends', String(number));
      mkdirSync(folder, { recursive: true });
      utimesSync(folder, new Date(NOW - number * DAY), new Date(NOW - number * DAY));
    }
    await pruneHome(home, NOW);
    assert.deepEqual(left(home, 'frontends'), ['0', '1', '2', '3', '4']);
    assert.deepEqual(readdirSync(home), ['frontends'], 'nothing is made');
  } finally {
    rmSync(home, { recursive: true });
  }
});
