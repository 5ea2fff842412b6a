import { isRecord } from '../shapes';
import { textFor } from './sample-text';

type Schema = Readonly<Record<string, unknown>>;

/** There is no value, or none that is found by the simple means here. */
export class NoInstance extends Error {}

/** Deeper than any schema that is not endless. */
const DEEPEST = 40;

/**
 * A small JSON value that is valid under a JSON Schema: what must be there, and no more. Throws NoInstance for a schema that
 * has none, or that needs more than this knows (`not`, `if`, patterns that no sample fits).
 */
export function instanceOf(schema: unknown): unknown {
  return make(schema, schema, 0);
}

function make(schema: unknown, root: unknown, depth: number): unknown {
  if (schema === true) return {};
  if (!isRecord(schema)) throw new NoInstance('a schema must be an object');
  if (depth > DEEPEST) throw new NoInstance('the schema has no finite value');
  const below = (part: unknown): unknown => make(part, root, depth + 1);
  if (typeof schema['$ref'] === 'string') return below({ ...lookUp(schema['$ref'], root), ...without(schema, '$ref') });
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum'])) return firstOf(schema['enum']);
  const { allOf } = schema;
  if (Array.isArray(allOf)) return below(merged(without(schema, 'allOf'), allOf, root));
  const alternatives = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(alternatives)) {
    const common = without(without(schema, 'anyOf'), 'oneOf');
    return firstMade(alternatives.map((one) => () => below(merged(common, [one], root))));
  }
  const types: unknown[] = [schema['type'] ?? typeMeant(schema)].flat();
  return firstMade(types.map((type) => () => ofType(type, schema, below)));
}

function ofType(type: unknown, schema: Schema, below: (part: unknown) => unknown): unknown {
  switch (type) {
    case 'object':
      return objectOf(schema, below);
    case 'array':
      return arrayOf(schema, below);
    case 'string':
      return textOrNone(schema);
    case 'number':
    case 'integer':
      return numberOf(schema, type === 'integer');
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      throw new NoInstance(`no type '${String(type)}'`);
  }
}

function objectOf(schema: Schema, below: (part: unknown) => unknown): object {
  const properties = isRecord(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
  return Object.fromEntries(required.map((name) => [name, below(properties[name] ?? {})]));
}

function arrayOf(schema: Schema, below: (part: unknown) => unknown): unknown[] {
  const first: unknown[] = Array.isArray(schema['prefixItems']) ? schema['prefixItems'] : [];
  const length = Math.max(numberIn(schema, 'minItems') ?? 0, first.length);
  const items = Array.from({ length }, (_, at) => below(first[at] ?? schema['items'] ?? {}));
  if (schema['uniqueItems'] !== true || items.length < 2) return items;
  throw new NoInstance('several unique items');
}

function numberOf(schema: Schema, isWhole: boolean): number {
  const step = numberIn(schema, 'multipleOf') ?? (isWhole ? 1 : undefined);
  const above = numberIn(schema, 'exclusiveMinimum');
  const below = numberIn(schema, 'exclusiveMaximum');
  const low = Math.max(numberIn(schema, 'minimum') ?? -Infinity, above ?? -Infinity);
  const high = Math.min(numberIn(schema, 'maximum') ?? Infinity, below ?? Infinity);
  const onGrid = (value: number): number => (step === undefined ? value : Math.ceil(value / step) * step);
  const middle = Number.isFinite(low) && Number.isFinite(high) ? [(low + high) / 2] : [];
  const steps = [low, low + (step ?? 1), high - (step ?? 1), high, ...middle].filter(Number.isFinite).map(onGrid);
  const fits = (value: number): boolean => value >= low && value <= high && value !== above && value !== below;
  const found = [0, ...steps].find(fits);
  if (found === undefined) throw new NoInstance('a number between bounds that leave none');
  return found;
}

function textOrNone(schema: Schema): string {
  const text = textFor({
    min: numberIn(schema, 'minLength') ?? 0,
    max: numberIn(schema, 'maxLength') ?? Infinity,
    format: typeof schema['format'] === 'string' ? schema['format'] : undefined,
    pattern: typeof schema['pattern'] === 'string' ? schema['pattern'] : undefined,
  });
  if (text === undefined) throw new NoInstance(`a text of the form ${String(schema['pattern'] ?? schema['format'])}`);
  return text;
}

/** What a schema without a type is for, by its other words. */
function typeMeant(schema: Schema): string {
  if ('items' in schema || 'prefixItems' in schema || 'minItems' in schema) return 'array';
  if ('pattern' in schema || 'minLength' in schema || 'format' in schema) return 'string';
  return 'minimum' in schema || 'maximum' in schema || 'multipleOf' in schema ? 'number' : 'object';
}

/** All that the parts say: properties and required names add up, of the rest the last one counts. */
function merged(schema: Schema, parts: readonly unknown[], root: unknown): Schema {
  return parts.reduce<Schema>((sum, given) => {
    const part = isRecord(given) ? given : {};
    const all = typeof part['$ref'] === 'string' ? { ...lookUp(part['$ref'], root), ...without(part, '$ref') } : part;
    const lists = (name: string): unknown[] => [sum[name] ?? [], all[name] ?? []].flat();
    const records = {
      ...(isRecord(sum['properties']) && sum['properties']),
      ...(isRecord(all['properties']) && all['properties']),
    };
    const objects = Object.keys(records).length > 0 && { properties: records };
    return { ...sum, ...all, ...objects, ...(lists('required').length > 0 && { required: lists('required') }) };
  }, schema);
}

/** The schema that a local reference names: `#`, `#/$defs/Node`. */
function lookUp(reference: string, root: unknown): Schema {
  const steps = reference
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const found = reference.startsWith('#')
    ? steps.reduce<unknown>((at, step) => (isRecord(at) ? at[step] : undefined), root)
    : undefined;
  if (isRecord(found)) return found;
  throw new NoInstance(`the reference '${reference}' leads nowhere`);
}

function firstOf(values: readonly unknown[]): unknown {
  if (values.length === 0) throw new NoInstance('an empty enum');
  return values[0];
}

function firstMade(makers: readonly (() => unknown)[]): unknown {
  let reason: unknown = new NoInstance('no alternative');
  for (const maker of makers) {
    try {
      return maker();
    } catch (error) {
      if (!(error instanceof NoInstance)) throw error;
      reason = error;
    }
  }
  throw reason;
}

function numberIn(schema: Schema, name: string): number | undefined {
  const value = schema[name];
  return typeof value === 'number' ? value : undefined;
}

function without(schema: Schema, name: string): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== name));
}
