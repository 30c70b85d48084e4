import { z } from 'zod';
import { isSchedule } from '../schedule.js';
import { matching, seconds } from './text.js';
import { command } from './values.js';

const processName = matching(
  /^(?!web$)[a-z](?:[a-z0-9_-]{0,38}[a-z0-9])?$/,
  'must be lower-case letters, digits, dashes and underscores, begin with a letter, and not be `web`, which has its own key',
);

const process = z.strictObject({
  command: z.exactOptional(
    command.meta({
      description:
        'What it runs, as a text that is split into words as a shell would, with nothing expanded, or as a list of words. Default: what was detected under this name.',
      examples: ['celery -A shop worker'],
    }),
  ),
  scale: z.exactOptional(
    z
      .int()
      .min(0)
      .max(512)
      .meta({ description: 'How many of it run side by side.', examples: [2] }),
  ),
  stop_seconds: z.exactOptional(
    seconds.meta({ description: 'How long it may take to finish what it is doing when it is stopped.', examples: [300] }),
  ),
});

export const processes = z.record(processName, z.union([z.literal(false), process])).meta({
  description:
    'Long-running commands beside the web server, by name. A detected one is changed by its name, and switched off with `false`.',
  examples: [
    {
      worker: { command: 'celery -A shop worker', scale: 2, stop_seconds: 300 },
      mailer: { command: 'python manage.py send_queued' },
    },
    { beat: false },
  ],
});

const job = z.strictObject({
  command: command.meta({ description: 'What it runs; see `processes`.', examples: ['python manage.py clearsessions'] }),
  at: z
    .string()
    .refine(isSchedule, { error: 'must be a time of day ("04:15") or five cron fields ("*/10 * * * *")' })
    .meta({
      description: 'When: a time of day, or the five fields of cron (minute, hour, day of month, month, day of week).',
      examples: ['04:15', '*/10 * * * *'],
    }),
  stop_seconds: z.exactOptional(
    seconds.meta({
      description: 'How long a run may go on when a new release takes over, or at `down`, before it is ended. Default: 60.',
      examples: [600],
    }),
  ),
});

export const cron = z.record(processName, z.union([z.literal(false), job])).meta({
  description:
    'Commands run at set times, by name, in the time zone of the project (TIME_ZONE). A run that is still going on when its time comes again is not doubled. `false` in an environment switches a general one off.',
  examples: [{ clean: { command: 'python manage.py clearsessions', at: '04:15' } }],
});

const MOMENTS = ['build', 'migrate', 'switch'] as const;

const hook = (when: 'before' | 'after', moment: (typeof MOMENTS)[number]) =>
  z.exactOptional(
    command.meta({
      description: `Run ${when} \`${moment}\`, in the new release, with the app’s environment. Its failure fails the deployment.`,
      examples: ['./deploy/check.sh'],
    }),
  );

export const hooks = z
  .strictObject({
    before_build: hook('before', 'build'),
    after_build: hook('after', 'build'),
    before_migrate: hook('before', 'migrate'),
    after_migrate: hook('after', 'migrate'),
    before_switch: hook('before', 'switch'),
    after_switch: hook('after', 'switch'),
  })
  .meta({
    description: 'Commands of the project’s own at certain moments of a deployment.',
    examples: [{ before_migrate: './deploy/check.sh' }],
  });
