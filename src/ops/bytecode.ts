import type { Env } from '../core/command.js';

/**
 * What an interpreter is told of bytecode. Where the app may write it, the first that imports a module does so for all that come after it;
 * elsewhere each would only try in vain: https://docs.python.org/3/using/cmdline.html#envvar-PYTHONDONTWRITEBYTECODE
 */
export const bytecodeEnvironment = (writes: boolean): Env => (writes ? {} : { PYTHONDONTWRITEBYTECODE: '1' });
