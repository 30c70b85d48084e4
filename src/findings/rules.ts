import type { Rule } from './rule.js';
import { projectRules } from './rules/project.js';

/** Every rule, by area. */
export const RULES: readonly Rule[] = [...projectRules];
