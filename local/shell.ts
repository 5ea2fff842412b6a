/** Settings that would win over a ground's keys. */
const UNWANTED = ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWS_SESSION_TOKEN'] as const;

/** What to paste into a shell so that `aws` and `cdk` talk to a ground. */
export function shellLines(environment: Readonly<Record<string, string>>): string {
  const lines = Object.entries(environment).map(([name, value]) => `export ${name}=${quoted(value)}`);
  return [`unset ${UNWANTED.join(' ')}`, ...lines].join('\n');
}

function quoted(value: string): string {
  return /^[\w./:,-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
