import { Failure } from '../../core/failure.js';
import { openSsh, type SshConnection, type SshOptions } from '../../hosts/ssh/connect.js';
import { isAccountName, makeAccount } from '../../targets/server/account.js';
import type { Context } from '../context.js';
import { refuse } from './app.js';
import { hostFacts } from './facts.js';

/**
 * Connects; where the account is not let in and root is, the account is made by root, when that is confirmed.
 * @throws Failure of the first login where root is not let in either, or it is not confirmed
 */
export async function openOrMakeAccount(context: Context, address: string, options: SshOptions): Promise<SshConnection> {
  try {
    return await openSsh(address, options);
  } catch (error) {
    const name = /^([^@]+)@/.exec(address)?.[1];
    if (!(error instanceof Failure) || error.code !== 'SSH_AUTH' || name === undefined || name === 'root') throw error;
    if (!isAccountName(name)) throw error;
    const root = await openSsh(`root${address.slice(name.length)}`, options).catch(() => undefined);
    if (root === undefined) throw error;
    try {
      await makeBy(root, context, name, error);
    } finally {
      await root.close();
    }
    return openSsh(address, options);
  }
}

async function makeBy(root: SshConnection, context: Context, name: string, refused: Failure): Promise<void> {
  hostFacts(root.name, await root.facts());
  const host = root.host({ secrets: refuse });
  const isThere = (await host.exec({ argv: ['getent', 'passwd', '--', name], timeoutSeconds: 30 })).code === 0;
  const question = `${root.name} lets root in and knows no ${name}. Make that account, with root's keys and sudo for everything?`;
  if (isThere || !(await context.confirm(question))) throw refused;
  for (const command of makeAccount(name)) {
    const { code, stdout, stderr } = await host.exec(command);
    if (code !== 0)
      throw new Failure('ACCOUNT_NOT_MADE', 'remote', `The account ${name} could not be made on ${root.name}`, {
        detail: (stderr || stdout).trimEnd().split('\n').slice(-12).join('\n'),
        hint: `ssh ${root.name} useradd --create-home ${name}   # by hand, with a key and sudo; or deploy as root: hosts: [${root.name}]`,
      });
  }
  context.report({ type: 'note', message: `made the account ${name} on ${root.name}` });
}
