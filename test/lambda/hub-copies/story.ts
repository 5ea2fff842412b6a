import type { Verdict } from './play';

/** What happened in a play, for the person who has to understand it. */
export function story({ wrongs, outcomes, world: { account, cloudFormation, log } }: Verdict): string {
  const begin = cloudFormation.requests[0]?.at ?? 0;
  const told = new Map<unknown, string>();
  const lines = [
    ...cloudFormation.requests.flatMap(({ request, at, until = at, outcome, stackStatus }) => {
      const who = `${request.RequestId.slice(4, 8)} ${request.RequestType} ${request.LogicalResourceId}`;
      return [
        { at, text: `${who} (${request.PhysicalResourceId ?? 'new'}), stack ${stackStatus}` },
        { at: until, text: `${who} → ${JSON.stringify(outcome).slice(0, 300)}` },
      ];
    }),
    ...account.runs.flatMap(({ name, place, began, ended = began, status, cause }) => [
      { at: began, text: `execution ${name} copies to ${place.bucket}/${place.prefix}` },
      { at: ended, text: `execution ${name} ${status} ${cause}` },
    ]),
    ...log.flatMap(({ at, request, next, why, bug }) => {
      const text = `${String(request).slice(4, 8)}   ${String(next)} ${typeof why === 'string' ? why : ''}${typeof bug === 'string' ? bug : ''}`;
      if (next === 'look' || told.get(request) === text) return [];
      told.set(request, text);
      return [{ at: Number(at), text }];
    }),
  ];
  const sorted = lines.sort((one, other) => one.at - other.at);
  const timed = sorted.map(({ at, text }) => `${((at - begin) / 1000).toFixed(1).padStart(9)} s  ${text}`);
  return [...timed, ...outcomes, ...wrongs.map((wrong) => `WRONG: ${wrong}`)].join('\n');
}
