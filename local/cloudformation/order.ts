import { dependencies, type Template, type TemplateResource } from './template';

/** Templates of resources, by logical id. */
export function templatesOf(
  resources: Iterable<{ readonly logicalId: string; readonly template: TemplateResource }>,
): Template['Resources'] {
  return Object.fromEntries([...resources].map(({ logicalId, template }) => [logicalId, template]));
}

/** Does something for each resource, side by side, each after what it depends on. */
export async function inOrder(
  resources: Template['Resources'],
  ids: readonly string[],
  one: (id: string) => Promise<void>,
): Promise<void> {
  await along(ids, (id) => dependencies(resources[id] ?? { Type: '' }, resources), one);
}

/** Does something for each resource, side by side, each after what depends on it. */
export async function inReverse(
  resources: Template['Resources'],
  ids: readonly string[],
  one: (id: string) => Promise<void>,
): Promise<void> {
  const dependents = (id: string) =>
    Object.keys(resources).filter((other) => dependencies(resources[other] ?? { Type: '' }, resources).includes(id));
  await along(ids, dependents, one);
}

async function along(ids: readonly string[], first: (id: string) => string[], one: (id: string) => Promise<void>) {
  const begun = new Map<string, Promise<void>>();
  const begin = (id: string): Promise<void> => {
    const running = begun.get(id) ?? run(id);
    begun.set(id, running);
    return running;
  };
  const run = async (id: string) => {
    await Promise.all(first(id).map(begin));
    if (ids.includes(id)) await one(id);
  };
  await Promise.all(ids.map(begin));
}
