import type { Step } from '../../core/plan.js';

/** Makes the steps of one stage on one host. @param lane steps of a lane run in order */
export const stepsOn =
  (host: string, stage: Step['stage'], lane?: string) =>
  (id: string, title: string, action: Step['action'], failure?: Step['failure']): Step => ({
    id,
    title,
    stage,
    host,
    action,
    ...(lane === undefined ? {} : { lane }),
    ...(failure === undefined ? {} : { failure }),
  });
