import type { Rule } from './rule.js';
import { buildRules } from './rules/builds.js';
import { cacheRules, databaseRules } from './rules/database.js';
import { debugRules } from './rules/debug.js';
import { fileRules } from './rules/files.js';
import { headerRules } from './rules/headers.js';
import { hostRules } from './rules/hosts.js';
import { httpsRules } from './rules/https.js';
import { migrationRules } from './rules/migrations.js';
import { otherCheckRules } from './rules/other-checks.js';
import { processRules } from './rules/processes.js';
import { projectRules } from './rules/project.js';
import { secretRules } from './rules/secrets.js';
import { adminRules, errorRules, settingRules } from './rules/settings.js';
import { versionRules } from './rules/versions.js';

/** Ids of Django's checks that a rule of ours tells, or that are no news about a deployment. */
export const KNOWN_CHECKS: ReadonlySet<string> = new Set([
  ...[
    'W001',
    'W002',
    'W003',
    'W004',
    'W005',
    'W006',
    'W008',
    'W009',
    'W010',
    'W011',
    'W012',
    'W013',
    'W014',
    'W015',
    'W016',
    'W018',
    'W019',
    'W020',
    'W021',
    'W022',
    'E023',
    'E024',
    'W025',
    'E026',
    'W027',
  ].map((id) => `security.${id}`),
  'caches.W002',
  'async.E001',
  'mail.E001',
  'models.W042',
]);

/** Every rule, by area. */
export const RULES: readonly Rule[] = [
  ...projectRules,
  ...secretRules,
  ...debugRules,
  ...hostRules,
  ...httpsRules,
  ...headerRules,
  ...databaseRules,
  ...cacheRules,
  ...fileRules,
  ...settingRules,
  ...versionRules,
  ...buildRules,
  ...migrationRules,
  ...adminRules,
  ...errorRules,
  ...processRules,
  ...otherCheckRules(KNOWN_CHECKS),
];
