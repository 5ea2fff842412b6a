import type { Figures } from './figures';
import type { UploadFigures } from './upload';

/** A figure that was to be reached, and what it came to. */
export interface Goal {
  readonly what: string;
  readonly wanted: string;
  readonly found: string;
  readonly met: boolean;
}

const MB = 1e6;

export function goals(figures: Figures): Goal[] {
  return [...checkGoals(figures), ...uploadGoals(figures), ...memoryGoals(figures), ...resumeGoals(figures)];
}

function checkGoals({ check }: Figures): Goal[] {
  if (!check) return [];
  const wall = check.command.wall.median;
  const goals = [
    atMost('check of a 120B, whole command', wall, 1, seconds),
    atMost('check of a 120B, bytes read, the program itself included', check.commandRead, 64 * MB, megabytes),
  ];
  if (typeof check.python === 'string') return goals;
  const first = check.first.median / check.python.first.median;
  const later = check.later.median / check.python.later.median;
  return [
    ...goals,
    atMost("check in process against Python's safe_open, first time", first, 2, times),
    atMost("check in process against Python's safe_open, later times", later, 2, times),
  ];
}

function uploadGoals({ upload }: Figures): Goal[] {
  const [ours, ...peers] = upload?.clients ?? [];
  if (!ours) return [];
  const against = (name: string, make: (peer: UploadFigures) => Goal[]) => {
    const peer = peers.find((client) => client.name === name);
    return peer ? make(peer) : [];
  };
  const faster = (peer: UploadFigures, least: number) =>
    atLeast(`upload: wall of ${peer.name} by ours`, peer.wall.median / ours.wall.median, least);
  return [
    ...against('aws default', (peer) => [
      faster(peer, 1.2),
      atMost('upload: CPU of ours by aws default', ours.cpu.median / peer.cpu.median, 0.8, times),
    ]),
    ...against('s5cmd', (peer) => [faster(peer, 1.3)]),
    ...against('aws tuned', (peer) => [faster(peer, 1)]),
    atMost('upload: peak memory', ours.peakBytes.most, 200 * MB, megabytes),
  ];
}

function memoryGoals({ memory }: Figures): Goal[] {
  if (!memory) return [];
  return [atMost(`upload: peak memory of ${gigabytes(memory.bytes)}`, memory.peakBytes, 200 * MB, megabytes)];
}

function resumeGoals({ resume }: Figures): Goal[] {
  if (!resume) return [];
  return [atMost(`resume: sent again after a kill at ${percent(resume.before)}`, resume.after, 0.55, percent)];
}

function atMost(what: string, found: number, most: number, words: (value: number) => string): Goal {
  return { what, wanted: `≤ ${words(most)}`, found: words(found), met: found <= most };
}

function atLeast(what: string, found: number, least: number): Goal {
  return { what, wanted: `≥ ${times(least)}`, found: times(found), met: found >= least };
}

const times = (value: number) => `${value.toFixed(2)} ×`;
const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
const seconds = (value: number) => `${value.toFixed(2)} s`;
const megabytes = (bytes: number) => `${(bytes / MB).toFixed(bytes < 10 * MB ? 1 : 0)} MB`;
const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
