import { APACHE } from './apache.js';
import type { Escaper } from './escaper.js';
import { MYSQL } from './mysql.js';
import { NGINX } from './nginx.js';
import { POSTGRES } from './postgres.js';
import { PYTHON } from './python.js';
import { REDIS } from './redis.js';
import { SHELLS } from './shell.js';
import { SUPERVISOR } from './supervisor.js';
import { SYSTEMD } from './systemd.js';
import { YAML } from './yaml.js';

/** Every escaper whose language can say more than plain names, with the program that reads it. */
export const ESCAPERS: readonly Escaper[] = [
  ...SHELLS,
  ...NGINX,
  ...APACHE,
  ...SYSTEMD,
  ...SUPERVISOR,
  ...POSTGRES,
  ...MYSQL,
  ...REDIS,
  ...PYTHON,
  ...YAML,
];
