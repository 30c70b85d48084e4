import { flow } from './flow.js';
import { alternatives, jsonSchema, type SchemaNode } from './json-schema.js';
import { expected } from './wording.js';

const HEAD = `# slipway.yml

This page is made from the same schema that checks the file: \`node scripts/generate.mjs\`.

Everything is optional: what is absent is detected or has a default, and \`slipway check\` says which. The file lies in the project's folder;
\`slipway init\` writes one with comments. An unknown key, a key given twice, a tab, or a value of the wrong type is an error that names file, line
and column. A key without a value counts as absent.

Editors complete and check the file when its first line is

\`\`\`yaml
# yaml-language-server: $schema=./node_modules/slipway/schema/slipway.schema.json
\`\`\`

(or wherever Slipway is installed; \`npm root -g\` tells it.)`;

/** `docs/reference/config.md` */
export function configReference(): string {
  const root = jsonSchema('draft-2020-12');
  const general = new Set(Object.keys(root.properties ?? {}));
  const sections = keysOf(root, root).map(([name, node]) => section(root, name, node, general));
  return `${[HEAD, ...sections].join('\n\n')}\n`;
}

function section(root: SchemaNode, name: string, node: SchemaNode, general: ReadonlySet<string>): string {
  const rows = [...below(root, node, '')].filter(([path]) => name !== 'environments' || !general.has(path.split('.')[1] ?? ''));
  const table =
    rows.length === 0
      ? []
      : [['| key | value | |', '| --- | --- | --- |', ...rows.map(([path, inner]) => row(root, path, inner))].join('\n')];
  return [
    `## \`${name}\``,
    `${capital(expected(alternatives(root, node)))}. ${node.description ?? ''}`,
    example(name, node),
    ...table,
  ].join('\n\n');
}

/** Every key below a node, by its path; `NAME` where any name may stand, `[]` for an item of a list. */
function* below(root: SchemaNode, node: SchemaNode, prefix: string): Generator<readonly [string, SchemaNode]> {
  for (const option of alternatives(root, node)) {
    for (const [key, inner] of keysOf(root, option)) {
      const path = prefix === '' ? key : `${prefix}.${key}`;
      if (inner.description !== undefined) yield [path, inner];
      // The reference to a secret has one key, and its own explanation where it is allowed.
      if (!isSecret(root, inner)) yield* below(root, inner, path);
    }
    const { items, additionalProperties } = option;
    if (typeof items === 'object' && !Array.isArray(items)) yield* below(root, items, `${prefix}[]`);
    if (typeof additionalProperties === 'object' && hasKeys(root, additionalProperties))
      yield* below(root, additionalProperties, prefix === '' ? 'NAME' : `${prefix}.NAME`);
  }
}

const keysOf = (root: SchemaNode, node: SchemaNode): readonly (readonly [string, SchemaNode])[] =>
  Object.entries(node.properties ?? {}).flatMap(([key, inner]) =>
    typeof inner === 'object' && !isSecretKey(root, node) ? [[key, inner] as const] : [],
  );

const isSecretKey = (root: SchemaNode, node: SchemaNode): boolean =>
  node !== root && Object.keys(node.properties ?? {}).join() === 'secret';
const isSecret = (root: SchemaNode, node: SchemaNode): boolean =>
  alternatives(root, node).some((option) => isSecretKey(root, option));

/** A map of free names is shown only where something is known about what the names hold. */
const hasKeys = (root: SchemaNode, node: SchemaNode): boolean =>
  alternatives(root, node).some((option) => keysOf(root, option).length > 0);

function row(root: SchemaNode, path: string, node: SchemaNode): string {
  const [first] = node.examples ?? [];
  const shown = first === undefined ? '' : ` For example \`${flow(first)}\`.`;
  return `| \`${path}\` | ${cell(expected(alternatives(root, node)))} | ${cell((node.description ?? '') + shown)} |`;
}

function example(name: string, node: SchemaNode): string {
  const examples = (node.examples ?? []).map((value) => `${name}: ${flow(value)}`);
  return ['```yaml', examples.join('\n# or\n'), '```'].join('\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|');
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
