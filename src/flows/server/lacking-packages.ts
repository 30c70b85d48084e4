import type { Host } from '../../core/host.js';
import type { NativeNeed } from '../../core/project.js';
import { fetchLists } from '../../ops/apt.js';
import { type MissingNative, nativeQuery, parseNatives } from '../../ops/natives.js';

/** Packages that bring what a host lacks, by the names of its own release as far as its lists of packages tell them. */
export async function lackingPackages(host: Host, needs: readonly NativeNeed[]): Promise<string[]> {
  return [...new Set((await lacking(host, needs)).flatMap(({ packages }) => packages))].sort();
}

/** The same before they are installed: where something is lacking, lists that are old are fetched first. */
export async function packagesToInstall(host: Host, needs: readonly NativeNeed[]): Promise<string[]> {
  if ((await lacking(host, needs)).length === 0) return [];
  // Where that fails, the installation says why.
  await host.exec(fetchLists());
  return lackingPackages(host, needs);
}

const lacking = async (host: Host, needs: readonly NativeNeed[]): Promise<MissingNative[]> =>
  needs.length === 0 ? [] : parseNatives((await host.exec(nativeQuery(needs))).stdout, needs);
