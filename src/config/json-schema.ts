import { z } from 'zod';
import { configSchema } from './schema.js';

/** The part of JSON Schema that the configuration's own uses. */
export type SchemaNode = z.core.JSONSchema.BaseSchema;

/** JSON Schema of `slipway.yml` as a person writes it; draft 7 is what editors read. The functions below walk the newer one. */
export function jsonSchema(target: 'draft-7' | 'draft-2020-12' = 'draft-7'): SchemaNode {
  return z.toJSONSchema(configSchema, {
    target,
    io: 'input',
    override: ({ zodSchema, jsonSchema: node }) => addExamples(zodSchema, node),
  });
}

/** zod leaves examples out where reading transforms the value; ours are always written as a person writes them. */
function addExamples(schema: z.core.$ZodType, node: SchemaNode): void {
  const examples = z.globalRegistry.get(schema)?.['examples'];
  if (Array.isArray(examples)) node.examples = examples;
}

/** The schema at a path of keys and indices; undefined where there is none. References are followed. */
export function schemaAt(root: SchemaNode, path: readonly PropertyKey[]): SchemaNode | undefined {
  let nodes = [root];
  for (const key of path) nodes = nodes.flatMap((node) => inside(root, node, key));
  return nodes[0];
}

/** Names of the keys that are known at a path; none where any name may stand. */
export function keysAt(root: SchemaNode, path: readonly PropertyKey[]): readonly string[] {
  const parent = schemaAt(root, path);
  return parent === undefined ? [] : alternatives(root, parent).flatMap((node) => Object.keys(node.properties ?? {}));
}

/** A schema's alternatives, itself where it has none. */
export function alternatives(root: SchemaNode, node: SchemaNode): readonly SchemaNode[] {
  const target = follow(root, node);
  const options = target.anyOf ?? target.oneOf;
  return options === undefined
    ? [target]
    : options.flatMap((option) => (typeof option === 'boolean' ? [] : alternatives(root, option)));
}

function inside(root: SchemaNode, node: SchemaNode, key: PropertyKey): SchemaNode[] {
  return alternatives(root, node).flatMap((option) => {
    const { items, properties, additionalProperties } = option;
    const found = typeof key === 'number' ? items : (properties?.[String(key)] ?? additionalProperties);
    return typeof found === 'object' && !Array.isArray(found) ? [found] : [];
  });
}

/** What a reference points to, with the words that stand beside the reference. */
function follow(root: SchemaNode, node: SchemaNode): SchemaNode {
  const name = node.$ref?.replace('#/$defs/', '');
  const target = name === undefined ? undefined : root.$defs?.[name];
  return target === undefined
    ? node
    : { ...target, ...(node.description === undefined ? {} : { description: node.description }) };
}
