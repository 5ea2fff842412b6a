import { BedrockError } from './errors';

/** A value's published limits. Lengths are in UTF-16 units, which equals characters for all that the patterns admit. */
export type Shape = Text | Whole | Time | Bytes | List | Structure;
interface Text {
  readonly type: 'string';
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: Pattern;
  readonly enum?: readonly string[];
}
interface Whole {
  readonly type: 'integer';
  readonly min?: number;
  readonly max?: number;
}
interface Time {
  readonly type: 'timestamp';
}
interface Bytes {
  readonly type: 'blob';
  readonly max: number;
}
interface List {
  readonly type: 'list';
  readonly member: Shape;
  readonly min?: number;
  readonly max?: number;
}
export interface Structure {
  readonly type: 'structure';
  readonly members: Readonly<Record<string, Shape>>;
  readonly required: readonly string[];
  readonly union?: true;
}

/** `published` is AWS's text, for messages and comparison; `regexp` is what runs. */
export interface Pattern {
  readonly published: string;
  readonly regexp: RegExp;
}

/** @param safe an equivalent that does not backtrack, where the published one does */
export function pattern(published: string, safe = published): Pattern {
  return { published, regexp: new RegExp(`^(?:${safe})$`) };
}

/** The type of the values that a shape admits. */
export type ValueOf<S> = S extends { readonly type: 'string'; readonly enum: readonly (infer E)[] }
  ? E
  : S extends { readonly type: 'string' | 'timestamp' }
    ? string
    : S extends { readonly type: 'integer' }
      ? number
      : S extends { readonly type: 'blob' }
        ? Uint8Array
        : S extends { readonly type: 'list'; readonly member: infer M }
          ? readonly ValueOf<M>[]
          : S extends { readonly members: infer Ms; readonly required: readonly (infer R)[] }
            ? { readonly [K in keyof Ms as K extends R ? K : never]: ValueOf<Ms[K]> } & {
                readonly [K in keyof Ms as K extends R ? never : K]?: ValueOf<Ms[K]>;
              }
            : never;

/** Returns the input, typed, or throws a ValidationException that lists every violated limit in AWS's words. */
export function validate<S extends Shape>(shape: S, input: unknown): ValueOf<S> {
  const problems = violations(shape, input, '');
  if (problems.length === 0) return input as ValueOf<S>;
  const errors = problems.length === 1 ? 'error' : 'errors';
  throw new BedrockError(
    'ValidationException',
    `${String(problems.length)} validation ${errors} detected: ${problems.join('; ')}`,
  );
}

function violations(shape: Shape, value: unknown, path: string): string[] {
  const violated = (rule: string): string =>
    `Value ${typeof value === 'string' ? `'${value}'` : JSON.stringify(value)} at '${path}' failed to satisfy constraint: Member must ${rule}`;
  switch (shape.type) {
    case 'string':
      return typeof value === 'string' ? textRules(shape, value).map(violated) : [violated('be a string')];
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value)
        ? boundRules(shape, value, 'have value').map(violated)
        : [violated('be an integer')];
    case 'timestamp':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value))
        ? []
        : [violated('be an ISO 8601 timestamp')];
    case 'blob':
      return value instanceof Uint8Array
        ? boundRules(shape, value.length, 'have length').map(violated)
        : [violated('be a blob')];
    case 'list':
      if (!Array.isArray(value)) return [violated('be a list')];
      return [
        ...boundRules(shape, value.length, 'have length').map(violated),
        ...value.flatMap((member: unknown, at) => violations(shape.member, member, `${path}.${String(at + 1)}.member`)),
      ];
    case 'structure':
      if (!isRecord(value)) return [violated('be a structure')];
      return structureViolations(shape, value, path);
  }
}

function structureViolations(shape: Structure, value: Readonly<Record<string, unknown>>, path: string): string[] {
  const given = Object.keys(shape.members).filter((name) => value[name] !== undefined && value[name] !== null);
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const missing = shape.required
    .filter((name) => !given.includes(name))
    .map((name) => `Value null at '${at(name)}' failed to satisfy constraint: Member must not be null`);
  const union =
    shape.union && given.length !== 1
      ? [`Value at '${path}' failed to satisfy constraint: Member must have exactly one of its members set`]
      : [];
  return [
    ...missing,
    ...union,
    ...given.flatMap((name) => {
      const member = shape.members[name];
      return member ? violations(member, value[name], at(name)) : [];
    }),
  ];
}

function textRules(shape: Text, value: string): string[] {
  return [
    ...boundRules(shape, value.length, 'have length'),
    ...(shape.pattern && !shape.pattern.regexp.test(value)
      ? [`satisfy regular expression pattern: ${shape.pattern.published}`]
      : []),
    ...(shape.enum && !shape.enum.includes(value) ? [`satisfy enum value set: [${shape.enum.join(', ')}]`] : []),
  ];
}

function boundRules(shape: { readonly min?: number; readonly max?: number }, size: number, have: string): string[] {
  return [
    ...(shape.min !== undefined && size < shape.min ? [`${have} greater than or equal to ${String(shape.min)}`] : []),
    ...(shape.max !== undefined && size > shape.max ? [`${have} less than or equal to ${String(shape.max)}`] : []),
  ];
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
