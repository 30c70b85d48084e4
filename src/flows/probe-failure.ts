import { isAbsolute } from 'node:path';
import type { ProbeError } from '../core/facts.js';
import { Failure } from '../core/failure.js';
import type { Project } from '../core/project.js';

/**
 * Why the settings did not load, as the project's owner can act on it: the variable, module or file, the line, the mend.
 * @param placeholders names of variables whose values were made up
 */
export function probeFailure(error: ProbeError, project: Project, placeholders: readonly string[] = []): Failure {
  const last = error.frames.at(-1);
  const where = last === undefined ? project.settings.value : `${last.file}:${last.line}`;
  const detail = trace(error);
  const madeUp = placeholders.find((variable) => isAbout(error, variable));
  if (madeUp !== undefined) {
    return new Failure('VARIABLE_MISSING', 'project', `${where} needs the variable ${madeUp}, and a made-up value does not do`, {
      detail,
      wants: { kind: 'variable', name: madeUp, from: where },
      hint: `slipway up --env ${madeUp}=…   # or env: {${madeUp}: …} in slipway.yml`,
    });
  }
  const name = error.name ?? '';
  switch (error.kind) {
    case 'missing-variable':
      return new Failure('VARIABLE_MISSING', 'project', `${where} needs the variable ${name}`, {
        detail,
        wants: { kind: 'variable', name, from: where },
        hint: `slipway up --env ${name}=…   # or env: {${name}: …} in slipway.yml`,
      });
    case 'missing-module': {
      const distribution = error.distribution ?? name;
      return new Failure('MODULE_MISSING', 'project', `${where} imports ${name}, which is not installed`, {
        detail,
        hint: `add ${distribution} to ${project.dependencies.files[0] ?? 'requirements.txt'}`,
      });
    }
    case 'missing-file': {
      const missing = project.missingFiles.find(({ path }) => path.endsWith(name) || name.endsWith(path));
      const example = missing?.example === undefined ? '' : ` (${missing.example} is its example)`;
      return new Failure('FILE_MISSING', 'project', `${where} needs the file ${name}, which is not there${example}`, {
        detail,
        hint: `files: {${missing?.path ?? name}: ${missing?.example ?? 'PATH-OF-YOURS'}} in slipway.yml`,
        ...(isAbsolute(name) ? {} : { wants: { kind: 'file', path: missing?.path ?? name, from: where } }),
      });
    }
    case 'syntax':
      return new Failure('SYNTAX_ERROR', 'project', `${where} is not valid for this Python: ${error.message}`, {
        detail,
        hint: 'mend the line, or name another Python: `python:` in slipway.yml',
      });
    case 'missing-library':
      return new Failure('LIBRARY_MISSING', 'environment', `${where} needs the library ${name}, which this machine lacks`, {
        detail,
        hint: 'slipway doctor',
      });
    case 'exit':
      return new Failure('SETTINGS_EXIT', 'project', `${where} ends the interpreter while the settings load: ${error.message}`, {
        detail,
        hint: 'run `python manage.py check` in the project',
      });
    case 'improperly-configured':
    case 'exception':
      return new Failure('SETTINGS_FAILED', 'project', `The settings do not load: ${error.message}`, {
        detail,
        // https://docs.djangoproject.com/en/stable/ref/settings/#time-zone: looked for among the system's own
        hint: error.message.includes('Incorrect timezone setting')
          ? 'apt-get install -y tzdata-legacy   # the old names of zones; or give its new name in the settings'
          : `mend ${where}`,
      });
  }
}

/** True where the value that was made up, or the name, is in what was raised or on the line that raised it. */
const isAbout = ({ kind, message, frames }: ProbeError, variable: string): boolean =>
  (kind === 'exception' || kind === 'improperly-configured') &&
  `${message}\n${frames.at(-1)?.text ?? ''}`.split(/\W+/).includes(variable);

function trace({ frames, message }: ProbeError): string {
  const lines = frames.flatMap(({ file, line, function: inside, text }) => [
    `  File "${file}", line ${line}, in ${inside}`,
    ...(text === '' ? [] : [`    ${text}`]),
  ]);
  return [...lines, message].join('\n');
}
