import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabHost } from './hosts/host.js';

/** Looks for values in the processes of a host, as others than the app and root see them. Gives where, never what. */
const PROCESSES = `
import json, os, pwd, sys
values, own = json.load(sys.stdin)
found = set()
allowed = {0} | {one.pw_uid for one in pwd.getpwall() if one.pw_name in own}
for pid in os.listdir('/proc'):
    if not pid.isdigit():
        continue
    try:
        uid = os.stat('/proc/' + pid).st_uid
        name = open('/proc/%s/comm' % pid).read().strip()
        looked = {'cmdline': open('/proc/%s/cmdline' % pid, 'rb').read()}
        if uid not in allowed:
            looked['environ of uid %d' % uid] = open('/proc/%s/environ' % pid, 'rb').read()
    except OSError:
        continue
    for what, data in looked.items():
        if any(value.encode() in data for value in values):
            found.add('%s of %s' % (what, name))
print(json.dumps(sorted(found)))
`;

/** The same in its files and its journal. */
const FILES = `
import json, os, subprocess, sys
values, without = json.load(sys.stdin)
values = [value.encode() for value in values]
found = []
for root in ('/etc', '/run', '/tmp', '/var', '/opt', '/srv', '/home', '/root', '/usr/local', '/dev/shm'):
    for at, folders, names in os.walk(root):
        folders[:] = [name for name in folders if os.path.join(at, name) not in without]
        for name in names:
            path = os.path.join(at, name)
            if path in without or os.path.islink(path) or not os.path.isfile(path):
                continue
            try:
                data = open(path, 'rb').read()
            except OSError:
                continue
            if any(value in data for value in values):
                found.append(path)
said = subprocess.run(['journalctl', '--all', '-q', '--no-pager', '-o', 'export'], stdout=subprocess.PIPE).stdout
if any(value in said for value in values):
    found.append('the journal')
print(json.dumps(sorted(found)))
`;

async function ask(host: LabHost, script: string, input: unknown): Promise<string[]> {
  const { code, stdout, stderr } = await host.exec(['python3', '-I', '-c', script], {
    input: JSON.stringify(input),
    timeoutMs: 60_000,
  });
  if (code !== 0) throw new Error(stderr);
  const found: unknown = JSON.parse(stdout);
  return Array.isArray(found) ? found.map(String) : [];
}

/** Where values are among what runs on a host; nothing where they are not. @param own users who may know them */
export const inProcesses = (host: LabHost, values: readonly string[], own: readonly string[]): Promise<string[]> =>
  ask(host, PROCESSES, [values, own]);

/** Where values are in files of a host, in its journal and logs. @param without where they belong */
export const inFiles = (host: LabHost, values: readonly string[], without: readonly string[]): Promise<string[]> =>
  ask(host, FILES, [values, without]);

/** Looks at what runs again and again, until it is stopped; then tells where the values have been seen. */
export function watchProcesses(
  host: LabHost,
  values: () => readonly string[],
  own: readonly string[],
): { readonly stop: () => Promise<{ readonly seen: readonly string[]; readonly looks: number }> } {
  const seen = new Set<string>();
  let looks = 0;
  let over = false;
  const watching = (async () => {
    while (!over) {
      for (const place of await inProcesses(host, values(), own)) seen.add(place);
      for (const place of hereInCommandLines(values())) seen.add(place);
      looks += 1;
      await new Promise((wake) => setTimeout(wake, 100));
    }
  })();
  return {
    stop: async () => {
      over = true;
      await watching;
      return { seen: [...seen], looks };
    },
  };
}

/** On this machine, where slipway and its ssh run. */
function hereInCommandLines(values: readonly string[]): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const text = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return values.some((value) => text.includes(value));
      } catch {
        return false;
      }
    })
    .map((pid) => `command line ${pid} of this machine`);
}

/** Files below a folder of this machine that hold one of the values. */
export const inFolder = (folder: string, values: readonly string[]): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const text = readFileSync(path, 'utf8');
      return values.some((value) => text.includes(value));
    });
