import { Failure } from '../../core/failure.js';
import type { WebServer } from '../../core/release.js';
import { compareVersions } from '../pep440.js';

export type Interface = 'wsgi' | 'asgi';

/** What a server is started with. Paths are absolute. */
export interface ServerSetup {
  /** The interpreter of the release's environment: servers are started through it, since scripts carry a path in their first line that may be too long or hold a blank. */
  readonly python: string;
  /** `3.12.1` */
  readonly pythonVersion: string;
  /** The server's version as installed, where it is known; else the newest for that Python is assumed. */
  readonly version?: string;
  readonly interface: Interface;
  /** `slipway_runtime.wsgi:application` */
  readonly application: string;
  readonly socket: string;
  /** Where `files` go. */
  readonly folder: string;
  readonly workers: number;
  readonly threads: number;
  /** Largest request body, in bytes. */
  readonly maxBody: number;
  /** How long a request may take once the server was told to stop. */
  readonly gracefulSeconds: number;
}

export interface ServerFile {
  readonly path: string;
  readonly content: string;
}

/** One application server: everything the rest of Slipway has to know about it. */
export interface WebServerKind {
  readonly name: WebServer;
  readonly interfaces: readonly Interface[];
  /** False where it has one process, whatever is asked for. */
  readonly manyWorkers: boolean;
  /** Whether the app is loaded by worker processes alone, which the server starts again when they end. */
  loadsInWorkers(workers: number): boolean;
  readonly stopSignal: string;
  /**
   * What has to be in the environment beside the project's own requirements.
   * @throws Failure SERVER_UNSUPPORTED where the server does not run on that Python
   */
  requirements(wanted: Interface, pythonVersion: string): readonly string[];
  argv(setup: ServerSetup): readonly string[];
  files(setup: ServerSetup): readonly ServerFile[];
  /** To be laid over the app's environment, so that a variable of the user's does not steer the server by accident. */
  env(setup: ServerSetup): Readonly<Record<string, string>>;
}

/** The one escaper for strings in generated Python: JSON's strings are Python's, with what JSON leaves bare and Python too. */
export const pythonString = (text: string): string => JSON.stringify(text);

/** What serves ASGI in uvicorn, alone and as Gunicorn's worker. The two that make it quick are compiled, and have no wheels for Pythons before 3.8 that their pip could use. */
export const uvicornRequirements = (pythonVersion: string): readonly string[] => [
  'uvicorn>=0.16',
  'websockets>=9.1',
  ...(isAtLeast(pythonVersion, '3.8') ? ['httptools>=0.2', 'uvloop>=0.14'] : []),
];

export const isAtLeast = (version: string, least: string): boolean => compareVersions(version, least) >= 0;

/** @throws Failure SERVER_UNSUPPORTED when the Python is older than the server wants */
export function needsPython(server: string, least: string, pythonVersion: string): void {
  if (isAtLeast(pythonVersion, least)) return;
  throw new Failure(
    'SERVER_UNSUPPORTED',
    'config',
    `${server} needs Python ${least} or newer, and the project runs on ${pythonVersion}`,
    {
      hint: 'web: {server: gunicorn}   # in slipway.yml',
    },
  );
}

/** Seconds after which the supervisor ends it by force: what it was granted, and a little to say goodbye. */
export const stopSecondsOf = (gracefulSeconds: number): number => gracefulSeconds + 5;

/**
 * Python that removes the socket a killed predecessor has left behind, its first argument, and then goes on with `rest`: for servers that would refuse to start.
 * Only one process of a name is ever supervised, so that nobody listens on it.
 */
export const withoutStaleSocket = (rest: string): string =>
  `import os, sys; s = sys.argv.pop(1); os.path.lexists(s) and os.unlink(s); ${rest}`;
