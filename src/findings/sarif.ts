import type { Finding, Severity } from './rule.js';
import { RULES } from './rules.js';

/** https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html, as far as it is used here. */
export interface SarifLog {
  readonly $schema: string;
  readonly version: '2.1.0';
  readonly runs: readonly SarifRun[];
}

interface SarifRun {
  readonly tool: {
    readonly driver: { readonly name: string; readonly informationUri: string; readonly rules: readonly SarifRule[] };
  };
  readonly columnKind: 'utf16CodeUnits';
  readonly originalUriBaseIds: { readonly SRCROOT: { readonly uri: string } };
  readonly results: readonly SarifResult[];
}

interface SarifRule {
  readonly id: string;
  readonly name: string;
  readonly shortDescription: { readonly text: string };
  readonly fullDescription: { readonly text: string };
  readonly help: { readonly text: string; readonly markdown: string };
  readonly defaultConfiguration: { readonly level: Level };
}

interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: Level;
  readonly message: { readonly text: string };
  readonly locations: readonly SarifLocation[];
  readonly partialFingerprints: { readonly slipway: string };
  /** What `up` holds right is there and accepted. */
  readonly suppressions?: readonly { readonly kind: 'external'; readonly justification: string }[];
}

interface SarifLocation {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId: 'SRCROOT' };
    readonly region?: { readonly startLine: number };
  };
}

type Level = 'error' | 'warning' | 'note';

const LEVEL: Readonly<Record<Severity, Level>> = { error: 'error', warning: 'warning', info: 'note' };

export interface SarifPlace {
  /** The project's folder, relative to `root`; '' where it is the root. Services read file names from the root of the repository. */
  readonly below?: string;
  /** Where findings of no line in particular are shown, relative to the project: services that show them on lines want one. */
  readonly fallback?: string;
}

/** Findings for code scanning. @param root absolute path of the repository */
export function toSarif(
  findings: readonly Finding[],
  root: string,
  { below = '', fallback = 'manage.py' }: SarifPlace = {},
): SarifLog {
  const used = RULES.filter(({ id }) => findings.some((finding) => finding.id === id));
  const index = new Map(used.map(({ id }, at) => [id, at]));
  const rules = used.map(
    ({ id, title, severity, page }): SarifRule => ({
      id,
      name: nameOf(id),
      shortDescription: { text: title },
      fullDescription: { text: page.what },
      help: {
        text: `${page.risk}\n\n${page.mend}`,
        markdown: `${page.what}\n\n**Risk.** ${page.risk}\n\n**Mend.** ${page.mend}`,
      },
      defaultConfiguration: { level: LEVEL[severity] },
    }),
  );
  const results = findings.map((finding) => resultOf(finding, index.get(finding.id) ?? -1, { below, fallback }));
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Slipway', informationUri: 'https://www.npmjs.com/package/slipway', rules } },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { SRCROOT: { uri: `file://${encoded(root.replace(/\/*$/, '/'))}` } },
        results,
      },
    ],
  };
}

/** `hosts.csrf-any` → `HostsCsrfAny` */
const nameOf = (id: string): string => id.replace(/(?:^|[.-])([a-z])/g, (_, letter: string) => letter.toUpperCase());

const encoded = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

function resultOf(
  { id, severity, message, hint, where, handled }: Finding,
  ruleIndex: number,
  place: Required<SarifPlace>,
): SarifResult {
  const [, path = where, line] = /^(.*):(\d+)$/.exec(where) ?? [];
  const own = path === '' ? place.fallback : path;
  const uri = encoded(place.below === '' ? own : `${place.below}/${own}`);
  return {
    ruleId: id,
    ruleIndex,
    level: LEVEL[severity],
    message: { text: hint === '' ? message : `${message}. ${hint}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri, uriBaseId: 'SRCROOT' },
          ...(line === undefined ? {} : { region: { startLine: Number(line) } }),
        },
      },
    ],
    // The line moves with every edit above it: the file and the words stay.
    partialFingerprints: { slipway: `${id}:${path}:${message}` },
    ...(handled ? { suppressions: [{ kind: 'external', justification: '`slipway up` holds it right' }] } : {}),
  };
}
