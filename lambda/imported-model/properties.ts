/** The properties of a resource as they come: every scalar is a string, and any may be missing. */
export type Properties = Readonly<Record<string, unknown>>;

export function required(properties: Properties, name: string): string {
  const value = optional(properties, name);
  if (value === '') throw new Error(`The resource's property '${name}' is missing; deploy with the construct again`);
  return value;
}

export function optional(properties: Properties, name: string): string {
  const value = properties[name];
  return typeof value === 'string' ? value : '';
}

/** A positive number, or what to take when there is none: a deadline must come whatever an old stack sends. */
export function number(properties: Properties, name: string, otherwise: number): number {
  const value = Number(optional(properties, name));
  return value > 0 ? value : otherwise;
}

export function list(properties: Properties, name: string): string[] {
  const value = properties[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** A presigned address of S3 carries the time of its signing (AWS Signature Version 4, `X-Amz-Date`). */
export function signedAt(url = ''): number | undefined {
  const [, ...parts] = /[?&]X-Amz-Date=(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z/.exec(url) ?? [];
  const [year, month, day, hour, minute, second] = parts;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time;
}
