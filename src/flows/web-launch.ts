import type { Host } from '../core/host.js';
import { WEB_SERVERS } from '../ops/servers/all.js';
import { stopSecondsOf } from '../ops/servers/server.js';
import type { WebLaunch } from '../targets/local/go-live.js';
import { releaseFiles, sockets, stateFiles } from '../targets/local/layout.js';
import { serverFiles } from '../targets/server/layout.js';
import { modWsgiConf } from '../templates/mod-wsgi-conf.js';
import { installedVersions } from './environment.js';
import type { LocalRelease } from './release-record.js';

const GRACEFUL_SECONDS = 30;
const READY_SECONDS = 90;

/** How the release's web server is started: in the words of that server, as old as the project has it. */
export async function webLaunch(host: Host, release: LocalRelease): Promise<WebLaunch> {
  const { web, options, python } = release;
  const kind = WEB_SERVERS[web.server];
  const version = (await installedVersions(host, options.venv))[web.server];
  const setup = {
    python: `${options.venv}/bin/python`,
    pythonVersion: python.version,
    ...(version === undefined ? {} : { version }),
    interface: web.interface,
    application: `slipway_runtime.${web.interface}:application`,
    socket: sockets(options.layout).web(release.version),
    folder: releaseFiles(options.layout, release.version).servers,
    workers: web.workers,
    threads: web.threads,
    maxBody: web.maxBody,
    gracefulSeconds: GRACEFUL_SECONDS,
  };
  return {
    argv: kind.argv(setup),
    env: kind.env(setup),
    files: [...kind.files(setup), ...apacheFiles(release, setup.folder)],
    readySeconds: readySeconds(process.env),
    ...(kind.loadsInWorkers(web.workers) ? { supervised: web.workers } : {}),
    stopSignal: kind.stopSignal,
    stopSeconds: stopSecondsOf(GRACEFUL_SECONDS),
  };
}

/** mod_wsgi's Apache is told by files in Apache's own words, and by two scripts. */
function apacheFiles({ web, files, options }: LocalRelease, folder: string): WebLaunch['files'] {
  if (web.server !== 'mod_wsgi') return [];
  const media = stateFiles(options.layout).media;
  const protect = (web.protect ?? []).map((one) =>
    one.path.startsWith(files.media) ? { ...one, folder: `${media}/${one.path.slice(files.media.length)}` } : one,
  );
  const script = (name: string, content: string) => ({ path: `${folder}/${name}.wsgi`, content });
  return [
    {
      path: `${folder}/httpd.conf`,
      content: modWsgiConf({
        ...web,
        gracefulSeconds: GRACEFUL_SECONDS,
        folder,
        protect,
        edge: serverFiles(options.layout).token.known,
      }),
    },
    script('app', 'from slipway_runtime.apache import application\n\napplication = application()\n'),
    script('auth', 'from slipway_runtime.apache import authentication\n\ncheck_password, groups_for_user = authentication()\n'),
  ];
}

/** A project that loads for minutes can be given more time, as can a slow machine: `SLIPWAY_READY_SECONDS`. */
export function readySeconds(env: Readonly<Record<string, string | undefined>>): number {
  const seconds = Number(env['SLIPWAY_READY_SECONDS'] ?? READY_SECONDS);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : READY_SECONDS;
}
