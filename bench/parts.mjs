import { again } from './again.mjs';
import { check } from './check.mjs';
import { first } from './first.mjs';
import { help } from './help.mjs';
import { load } from './load.mjs';
import { requests } from './requests.mjs';
import { server } from './server.mjs';

/** The parts by name, in order; each yields rows of the table. */
export const PARTS = { help, first, again, check, requests, load, server };
