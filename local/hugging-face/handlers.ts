import type { IncomingMessage, ServerResponse } from 'node:http';
import { tokenOf } from './access';
import { type Answer, redirect, refusal, short } from './answers';
import { type Cdn, download, expired, unwantedToken } from './cdn';
import { HubError } from './errors';
import { send } from './exchange';
import type { Fault, Kind } from './faults';
import { answerHub, type HubState, struck } from './hub';
import type { Journal } from './journal';
import { type Bucket, type RateLimits, tooMany } from './rate-limits';
import { type Route, routeOf } from './routes';

type Handler = (message: IncomingMessage, response: ServerResponse) => Promise<void>;

export function hubHandler(state: HubState, journal: Journal, limits: RateLimits): Handler {
  return async (message, response) => {
    const url = message.url ?? '/';
    const route = routeOf(url);
    const about = { kind: kindOf(route), repository: route?.repository, path: route?.path };
    const { recorded, fault } = journal.note('hub', message, about);
    if (fault?.kind === 'hang') return;
    const isFile = recorded.kind === 'resolve' || recorded.kind === 'cached';
    const bucket = isFile ? 'resolvers' : 'api';
    const spent = limits.count(bucket);
    const early = instead(url, bucket, fault) ?? (spent?.isTooMuch ? tooMany(bucket, spent.secondsLeft) : undefined);
    const request = { method: recorded.method, url, token: tokenOf(message.headers), range: recorded.range };
    const answer = early ?? (await orRefusal(() => answerHub(state, route, request, fault), !isFile));
    const headers = { ...spent?.headers, ...answer.headers };
    await send(response, { ...answer, headers }, recorded, fault);
  };
}

export function cdnHandler(cdn: Cdn, journal: Journal): Handler {
  return async (message, response) => {
    const url = message.url ?? '/';
    const address = new URL(url, 'http://cdn');
    const meant = cdn.meant(address);
    const about = { kind: 'cdn', repository: meant?.repository, path: meant?.file.path } as const;
    const { recorded, fault } = journal.note('cdn', message, about);
    if (fault?.kind === 'hang') return;
    const answer = (): Answer => {
      if (recorded.authorized) return unwantedToken();
      if (!meant || !cdn.isGood(address) || fault?.kind === 'stale-redirect') return expired();
      const { content } = struck(meant, fault).file;
      return download(meant, content, fault?.kind === 'whole' ? undefined : recorded.range);
    };
    await send(response, instead(url, undefined, fault) ?? answer(), recorded, fault);
  };
}

/** What is answered instead of doing anything. @param bucket of the Hub's; the CDN counts nothing of its own */
function instead(url: string, bucket: Bucket | undefined, fault: Fault | undefined): Answer | undefined {
  const [, hop] = /^\/redirects\/(\d+)$/.exec(url) ?? [];
  if (hop !== undefined) return redirect(302, `/redirects/${Number(hop) + 1}`);
  if (fault?.kind === 'rate-limited') return tooMany(bucket, fault.seconds, fault.tells);
  if (fault?.kind === 'error') return short(fault.status, 'something went wrong');
  if (fault?.kind === 'redirect') return redirect(302, fault.to);
  return fault?.kind === 'redirect-loop' ? redirect(302, '/redirects/1') : undefined;
}

async function orRefusal(answer: () => Promise<Answer>, asJson: boolean): Promise<Answer> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof HubError) return refusal(error, asJson);
    throw error;
  }
}

function kindOf(route: Route | undefined): Kind {
  return route === undefined || route.kind === 'dataset' ? 'other' : route.kind;
}
