/** The parts of a synthesised template that a stack of custom resources needs. No general template engine. */
export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: unknown } }>
  >;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** What intrinsic functions are resolved with. */
export interface Values {
  /** Undefined is `AWS::NoValue`: the property is left out. */
  ref(name: string): string | undefined;
  attribute(resource: string, name: string): string;
  importValue(name: string): string;
}

/**
 * Resolves Ref, GetAtt, Join, Sub without a map, and ImportValue. Every scalar becomes a string, as
 * CloudFormation sends it: aws-cdk's docs/CLOUDFORMATION.md for booleans, cloudformation-coverage-roadmap#1037 for numbers.
 */
export function resolve(value: unknown, values: Values): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, values));
  if (typeof value !== 'object' || value === null) return scalar(value);
  const entries = Object.entries(value);
  const only = entries.length === 1 ? entries[0] : undefined;
  if (only) {
    const name: string = only[0];
    const argument: unknown = only[1];
    if (name === 'Ref') return values.ref(String(argument));
    if (name === 'Fn::GetAtt') return getAtt(argument, values);
    if (name === 'Fn::ImportValue') return values.importValue(String(resolve(argument, values)));
    if (name === 'Fn::Join') return join(argument, values);
    if (name === 'Fn::Sub' && typeof argument === 'string') return substitute(argument, values);
  }
  const resolved = entries.map(([key, item]) => [key, resolve(item, values)] as const);
  return Object.fromEntries(resolved.filter(([, item]) => item !== undefined));
}

/** Logical ids that must be there before a resource: those it names, and those it depends on (aws-attribute-dependson.html). */
export function dependencies(resource: TemplateResource, all: Template['Resources']): string[] {
  const named = new Set<string>([resource.DependsOn ?? []].flat());
  collect(resource.Properties, named);
  return [...named].filter((name) => name in all);
}

function collect(value: unknown, named: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, named);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      if (key === 'Ref') named.add(String(item));
      else if (key === 'Fn::GetAtt') named.add(String(Array.isArray(item) ? item[0] : item).split('.')[0] ?? '');
      else if (key === 'Fn::Sub')
        for (const [, name = ''] of String(item).matchAll(IN_SUB)) named.add(name.split('.')[0] ?? '');
      else collect(item, named);
    }
  }
}

function scalar(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** `${Resource}` and `${Resource.Attribute}`, but not `${!Literal}`. */
const IN_SUB = /\$\{([^!}][^}]*)\}/g;

function substitute(text: string, values: Values): string {
  const filled = text.replace(IN_SUB, (_, name: string) =>
    name.includes('.') ? getAtt(name, values) : (values.ref(name) ?? ''),
  );
  return filled.replaceAll('${!', '${');
}

function getAtt(argument: unknown, values: Values): string {
  const [resource = '', ...name] = Array.isArray(argument) ? argument.map(String) : String(argument).split('.');
  return values.attribute(resource, name.join('.'));
}

function join(argument: unknown, values: Values): string {
  const all: readonly unknown[] = Array.isArray(argument) ? argument : [];
  const [separator, parts] = all;
  const resolved: unknown = resolve(parts, values);
  return (Array.isArray(resolved) ? resolved : [resolved]).map(String).join(String(separator));
}
