import type { NginxBuild } from '../../ops/nginx.js';

/** Absolute paths on this machine that are not the app's: programs and Slipway's own Python files. */
export interface Installed {
  /** Python of Slipway's tools. */
  readonly python: string;
  /** Folder `python/slipway_tools` of this package. */
  readonly tools: string;
  /** `launch.py` of the runtime package. */
  readonly launch: string;
  readonly nginx: { readonly program: string; readonly build: NginxBuild };
}
