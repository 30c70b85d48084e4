import { Failure } from '../../core/failure.js';
import type { DoctorEntry } from '../../flows/results.js';
import { doctorLines } from '../views/doctor-view.js';
import { examples, type Register } from './register.js';

/** `slipway doctor` */
export const registerDoctor: Register = (program, perform) => {
  program
    .command('doctor')
    .summary('what this machine lacks for this project')
    .description(
      'Looks for every program and library that this project needs here, and names the command that installs what is missing.',
    )
    .addHelpText('after', examples('slipway doctor', 'slipway doctor -C shop --json'))
    .action((_raw: object, command) =>
      perform(command, {}, async ({ flows, context, out }) => {
        const result = await flows.doctor(context);
        const failure = failureOf(result.entries.filter((entry) => !entry.ok));
        return { result, out: doctorLines(result.entries, out.paint), ...(failure === undefined ? {} : { failure }) };
      }),
    );
};

function failureOf(missing: readonly DoctorEntry[]): Failure | undefined {
  if (missing.length === 0) return undefined;
  return new Failure('MACHINE_LACKS', 'environment', `Missing here: ${missing.map((entry) => entry.name).join(', ')}`, {
    hint: missing
      .map((entry) => entry.mend)
      .filter((mend) => mend !== '')
      .join('\n'),
  });
}
