import { programConfig } from '../../templates/supervisord.js';
import type { Installed } from './paths.js';

/** The supervisor's file for one service: a group of one program, always up, first to start and last to stop. */
export const serviceProgram = (name: string, launch: string, logFile: string, stopSignal: string, installed: Installed): string =>
  programConfig({
    name,
    programs: [
      {
        name,
        argv: [installed.python, '-I', '-S', installed.launch, launch],
        stopSignal,
        stopSeconds: 60,
        startSeconds: 0,
        restart: 'always',
        logFile,
        priority: 1,
      },
    ],
  });
