import { type Argument, Command } from 'commander';
import { registerCheck } from './commands/check.js';
import { registerCompletion } from './commands/completion.js';
import { registerDeploy } from './commands/deploy.js';
import { registerDoctor } from './commands/doctor.js';
import { registerDown } from './commands/down.js';
import { registerExec } from './commands/exec.js';
import { registerHistory } from './commands/history.js';
import { registerInit } from './commands/init.js';
import { registerLogs } from './commands/logs.js';
import { registerPlan } from './commands/plan.js';
import { examples, type Perform } from './commands/register.js';
import { registerReleases } from './commands/releases.js';
import { registerRemove } from './commands/remove.js';
import { registerRollback } from './commands/rollback.js';
import { registerRun } from './commands/run.js';
import { registerSecrets } from './commands/secrets.js';
import { registerStatus } from './commands/status.js';
import { registerTrust } from './commands/trust.js';
import { registerUp } from './commands/up.js';
import { registerVerify } from './commands/verify.js';
import { withGlobalOptions } from './options.js';

/** Every command, in the order of the help, by what it is for. */
const GROUPS = [
  ['Go live:', [registerUp, registerCheck, registerDown, registerPlan, registerDeploy, registerRemove]],
  [
    'Look and act:',
    [
      registerStatus,
      registerLogs,
      registerExec,
      registerRun,
      registerReleases,
      registerHistory,
      registerRollback,
      registerVerify,
    ],
  ],
  ['Set up:', [registerInit, registerSecrets, registerDoctor, registerTrust, registerCompletion]],
] as const;

/** The command line as commander knows it; reading it throws CommanderError and prints only through its own output. */
export function createProgram(version: string, perform: Perform): Command {
  const program = new Command('slipway')
    .description('Takes a Django project, unmodified, from its source tree to a hardened production deployment.')
    .version(version, '-V, --version', 'show the version')
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText('after', examples('slipway up', 'slipway check', 'slipway logs -f', 'slipway help up'));
  program.configureHelp({
    subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(argumentTerm)].join(' '),
  });
  withGlobalOptions(program);
  for (const [title, registers] of GROUPS) {
    program.commandsGroup(title);
    for (const register of registers) register(program, perform);
  }
  program.helpCommand('help [command]', 'show the help of a command');
  for (const command of program.commands) {
    if (command.commands.length === 0) withGlobalOptions(command);
    else for (const inner of command.commands) withGlobalOptions(inner);
  }
  return program;
}

function argumentTerm(argument: Argument): string {
  const name = argument.name() + (argument.variadic ? '…' : '');
  return argument.required ? `<${name}>` : `[${name}]`;
}
