import { parseSchedule } from '../core/schedule.js';

/** A time of day, `04:15`, or the five fields of cron with `*`, lists, ranges, steps and names. */
export const isSchedule = (text: string): boolean => parseSchedule(text) !== undefined;
