import type { Verdict } from './judge';

/** What happened in a play, for the person who has to understand it. */
export function story({ wrongs, play: { world, operations } }: Verdict): string {
  const start = operations[0]?.began ?? 0;
  const at = (time: number) => `${((time - start) / 1000).toFixed(1).padStart(9)} s`;
  const lines = [
    ...operations.flatMap(({ stack, began, ended, status, reasons }) => [
      { time: began, text: `${stack}: operation begins` },
      { time: ended, text: `${stack}: ${status} ${reasons.join(' | ')}` },
    ]),
    ...world.cloudFormation.requests.flatMap(({ request, at: sent, until, outcome, stackStatus }) => {
      const who = `${request.RequestId.slice(4, 8)} ${request.RequestType} ${request.LogicalResourceId}`;
      return [
        { time: sent, text: `${who} (${request.PhysicalResourceId ?? 'new'}), stack ${stackStatus}` },
        { time: until ?? sent, text: `${who} → ${JSON.stringify(outcome).slice(0, 300)}` },
      ];
    }),
    ...decisions(world.log),
    ...world.bedrock.calls
      .filter(({ operation, outcome }) => outcome === 'ok' && /^(Create|Delete|Tag|Untag)/.test(operation))
      .map(({ at: time, operation, outcome, input }) => ({
        time,
        text: `Bedrock ${operation} ${outcome} ${JSON.stringify(input).slice(0, 120)}`,
      })),
  ];
  const told = lines.sort((a, b) => a.time - b.time).map(({ time, text }) => `${at(time)}  ${text}`);
  return [...told, ...wrongs.map((wrong) => `WRONG: ${wrong}`)].join('\n');
}

/** Each decision of the handler once, not at every poll that repeats it. */
function decisions(log: Verdict['play']['world']['log']): { time: number; text: string }[] {
  const last = new Map<unknown, string>();
  return log.flatMap(({ at, request, next, why, model }) => {
    const text = `${String(request).slice(4, 8)}   ${String(next)} ${String(model)}: ${typeof why === 'string' ? why : ''}`;
    if (next === 'look' || next === 'create' || last.get(request) === text) return [];
    last.set(request, text);
    return [{ time: Number(at), text }];
  });
}
