import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Ran, ROOT, type RunOptions, slipway } from './slipway.js';

/** State of Slipway that tests share: tools and environments are made once, every app in it is a test's own. */
export const TEST_HOME =
  process.env['SLIPWAY_TEST_HOME'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(tmpdir(), 'slipway-tests'), 'home');

/** A project of a test's own, brought up and taken away again by the real command. */
export interface LiveProject {
  readonly directory: string;
  readonly home: string;
  /** What is meant to be temporary, and is not told to be elsewhere. */
  readonly temp: string;
  run(args: readonly string[], options?: Partial<RunOptions>): Promise<Ran>;
  /** `up --json`, which must succeed. */
  up(...options: string[]): Promise<Readonly<Record<string, unknown>>>;
  /** Ends everything of it, deletes its data and its folder. */
  end(): Promise<void>;
}

/** @param source folder to copy: an example or a fixture */
export function liveProject(source: string, home: string = TEST_HOME): LiveProject {
  mkdirSync(home, { recursive: true });
  const parent = mkdtempSync(join(tmpdir(), 'slipway-live-'));
  const directory = join(parent, basename(source));
  cpSync(source, directory, { recursive: true, filter: (path) => !/node_modules|__pycache__|\.pyc$/.test(path) });
  const temp = join(parent, 'tmp');
  mkdirSync(temp);
  const run = (args: readonly string[], options: Partial<RunOptions> = {}) =>
    slipway(['-C', directory, ...args], { home, ...options, env: { TMPDIR: temp, ...options.env } });
  return {
    directory,
    home,
    temp,
    run,
    up: async (...options) => {
      const ran = await run(['up', '--json', ...options]);
      assert.equal(ran.code, 0, `up failed: ${JSON.stringify(ran.result)}\n${ran.stderr}`);
      return ran.result;
    },
    end: async () => {
      await run(['down', '--delete-data', '--yes']);
      rmSync(parent, { recursive: true, force: true });
    },
  };
}

export const example = (name: string): string => join(ROOT, 'examples', name);
