import type { Stack } from './stack';
import { resolve, type Template, type Values } from './template';

/**
 * Sets a stack's outputs and exports. "You can't modify or remove an output value that is referenced by another stack":
 * intrinsic-function-reference-importvalue.html
 */
export function publish(stack: Stack, template: Template, values: Values): void {
  const outputs = Object.entries(template.Outputs ?? {}).map(([name, { Value, Export }]) => ({
    name,
    value: String(resolve(Value, values)),
    exported: Export && String(resolve(Export.Name, values)),
  }));
  const exports = new Map(outputs.flatMap(({ value, exported }) => (exported ? [[exported, value] as const] : [])));
  for (const [name, value] of stack.exports) {
    const what = exports.has(name) ? 'updated' : 'deleted';
    if (exports.get(name) !== value) refuseIfImported(stack, name, what);
  }
  stack.outputs = Object.fromEntries(outputs.map(({ name, value }) => [name, value]));
  stack.exports = exports;
}

/** @throws Error when another stack imports the value */
export function refuseIfImported(stack: Stack, name: string, what: 'updated' | 'deleted'): void {
  const importer = stack.cloudFormation.stacks.find((other) => other !== stack && other.imports.has(name));
  if (importer) throw new Error(`Export ${name} cannot be ${what} as it is in use by ${importer.name}`);
}
