import {
  answersWrong,
  failedForNothing,
  failedForOwnJob,
  idled,
  ignoredRefusals,
  slowRollbacks,
} from './judge-answers';
import { deadJobs, doubleJobs, givenUpYetActing, lateJobs } from './judge-jobs';
import { adoptedOtherBytes, importedAgain, leaked, lost, mistagged, strangersTouched, unswept } from './judge-models';
import type { Play } from './play';

export interface Verdict {
  /** What is wrong, in sentences; none is right. */
  readonly wrongs: readonly string[];
  readonly leaks: number;
  readonly hangs: number;
  readonly events: number;
  readonly faults: ReadonlyMap<string, number>;
  /** Milliseconds of virtual time that the slowest answer took. */
  readonly slowest: number;
  readonly mostCallsAPoll: number;
  readonly play: Play;
}

/** Most calls to Bedrock of one poll: a look at everything, with the tags of each model and job. */
const MOST_CALLS = 40;

/** Holds a play against what must be true after every history. */
export async function judge(play: Play): Promise<Verdict> {
  const { world } = play;
  const { jobs, models } = await world.bedrock.look();
  const leaks = leaked(play, models, jobs);
  const hung = play.hung ? ['hangs: an operation never ended'] : [];
  const mostCallsAPoll = Math.max(0, ...world.callsPerPoll);
  return {
    wrongs: [
      ...hung,
      ...answersWrong(play),
      ...leaks,
      ...lost(play, models),
      ...unswept(play, models, jobs),
      ...mistagged(play),
      ...importedAgain(play, models),
      ...adoptedOtherBytes(play, models),
      ...doubleJobs(play, jobs),
      ...strangersTouched(play, models, jobs),
      ...deadJobs(play),
      ...lateJobs(play),
      ...givenUpYetActing(play),
      ...slowRollbacks(play, jobs),
      ...ignoredRefusals(play),
      ...failedForOwnJob(play),
      ...idled(play, jobs),
      ...failedForNothing(play, models, jobs),
      ...(mostCallsAPoll > MOST_CALLS ? [`one poll made ${mostCallsAPoll} calls`] : []),
    ],
    leaks: leaks.length,
    hangs: hung.length,
    events: world.cloudFormation.requests.length,
    faults: world.faults.struck,
    slowest: Math.max(0, ...world.cloudFormation.requests.map(({ at, until }) => (until ?? at) - at)),
    mostCallsAPoll,
    play,
  };
}
