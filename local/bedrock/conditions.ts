import { glob } from './glob';

/** operator → condition key → value or values, as in a policy's JSON. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, Value | readonly Value[]>>>>;
type Value = string | number | boolean;

/** What is known of the request, by condition key. A key that is absent is one that the request does not have. */
export type Context = Readonly<Record<string, string>>;

/** Whether a statement's conditions hold. Throws an Error for an operator that it does not know, rather than guess. */
export function conditionsHold(conditions: Conditions | undefined, context: Context): boolean {
  return Object.entries(conditions ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) =>
      holds(operator, lookUp(context, key), (Array.isArray(wanted) ? wanted : [wanted]).map(String)),
    ),
  );
}

function holds(operator: string, actual: string | undefined, wanted: readonly string[]): boolean {
  // Every key here has one value at most, so ForAnyValue is the plain operator and ForAllValues admits absence.
  const [, quantifier, name = '', ifExists] = /^(ForAllValues:|ForAnyValue:)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  if (name === 'Null') return wanted.includes(String(actual === undefined));
  const compare = comparisons[name];
  if (!compare) throw new Error(`condition operator '${operator}' is not known to the Bedrock emulator`);
  if (actual === undefined) return ifExists !== undefined || quantifier === 'ForAllValues:' || compare.negated;
  return wanted.some((value) => compare.matches(value, actual)) !== compare.negated;
}

interface Comparison {
  readonly matches: (wanted: string, actual: string) => boolean;
  readonly negated: boolean;
}
const is = (matches: Comparison['matches']): Comparison => ({ matches, negated: false });
const isNot = (matches: Comparison['matches']): Comparison => ({ matches, negated: true });
const same: Comparison['matches'] = (wanted, actual) => wanted === actual;
const sameIgnoringCase: Comparison['matches'] = (wanted, actual) => wanted.toLowerCase() === actual.toLowerCase();

/** ARN operators match each of the six colon-separated parts by itself; ArnEquals takes wildcards too. */
const arnLike: Comparison['matches'] = (wanted, actual) => {
  const actualParts = arnParts(actual);
  const wantedParts = arnParts(wanted);
  return (
    wantedParts.length === actualParts.length && wantedParts.every((part, at) => glob(part, actualParts[at] ?? ''))
  );
};

const comparisons: Readonly<Record<string, Comparison>> = {
  StringEquals: is(same),
  StringNotEquals: isNot(same),
  StringEqualsIgnoreCase: is(sameIgnoringCase),
  StringNotEqualsIgnoreCase: isNot(sameIgnoringCase),
  StringLike: is(glob),
  StringNotLike: isNot(glob),
  ArnEquals: is(arnLike),
  ArnNotEquals: isNot(arnLike),
  ArnLike: is(arnLike),
  ArnNotLike: isNot(arnLike),
  Bool: is(sameIgnoringCase),
};

function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}

/** Condition keys are case-insensitive. */
function lookUp(context: Context, key: string): string | undefined {
  return Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
}
