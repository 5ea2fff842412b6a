import type { HubFile } from '../../weights/hub/hub';

/**
 * What the function is asked, in one of five kinds: the state machine plans, copies and finishes; a deployment resolves
 * a branch or a tag before that; and either gives up what a broken or stopped execution began.
 */
export type Task =
  | { readonly step: 'resolve'; readonly copy: Unpinned }
  | { readonly step: 'plan'; readonly copy: Copy }
  | { readonly step: 'copy'; readonly copy: Copy; readonly item: Item }
  | { readonly step: 'finish'; readonly copy: Copy; readonly copied: readonly Copied[] }
  | { readonly step: 'giveUp'; readonly copy: Place };

/** A revision of a repository, on its way to a folder in S3. */
export interface Copy extends Unpinned, Place {
  /** 40 hexadecimal digits. */
  readonly commit: string;
  /** Which repairs are made on the way. */
  readonly rules: Rules;
  /** Codes of the check's errors that don't stop the copy. */
  readonly acceptedFindings: readonly string[];
}

/** Sets of repairs: 'r1' is what `repair` mends in small texts. None ever changes its meaning, which is in the prefix. */
export const RULES = ['r1', 'none'] as const;

export type Rules = (typeof RULES)[number];

/** A stack may be older than the function, or younger. */
export function isRules(rules: string): rules is Rules {
  return RULES.some((known) => known === rules);
}

/** A folder in S3. */
export interface Place {
  readonly bucket: string;
  /** Ends in '/'. */
  readonly prefix: string;
  /** Account that owns the bucket. */
  readonly account: string;
}

export interface Unpinned {
  /** As in `openai/gpt-oss-20b`. */
  readonly repository: string;
  /** Branch, tag or commit, as it was asked for. */
  readonly revision: string;
  /** '' for the public Hub. */
  readonly endpoint: string;
  /** '' for no token. */
  readonly tokenSecretArn: string;
}

/** One file of the Map. */
export interface Item {
  readonly file: HubFile;
  /** How often it was begun anew. */
  readonly restarts: number;
  /** Attempts in a row that brought nothing. @default - none did */
  readonly fruitless?: number;
  /** Where an earlier invocation stopped. @default - it is at the beginning */
  readonly position?: Position;
}

/** As far as a file is in S3, at the end of a part. */
export interface Position {
  /** Id of the object in parts. */
  readonly upload: string;
  /** Bytes. */
  readonly offset: number;
  /** The state of the hash over them, in base64. */
  readonly sha256: string;
  /** CRC-32 over them. */
  readonly crc: number;
}

/** What becomes of an item; `more` is handed to the next invocation after so many seconds. */
export type ItemAnswer =
  | { readonly state: 'more'; readonly wait: number; readonly step: 'copy'; readonly copy: Copy; readonly item: Item }
  | Copied;

export type Copied =
  /** `crc32` of the whole file, in base64 as S3 writes it. */
  | { readonly state: 'done'; readonly name: string; readonly crc32: string }
  | { readonly state: 'failed'; readonly name: string; readonly why: string };

export type PlanAnswer =
  { readonly state: 'planned'; readonly items: readonly Item[] } | { readonly state: 'failed'; readonly why: string };

export type FinishAnswer = { readonly state: 'done' } | { readonly state: 'failed'; readonly why: string };

export type GiveUpAnswer = { readonly state: 'done' } | { readonly state: 'failed'; readonly why: string };

/** Answers of the first step: a revision's commit. */
export type ResolveAnswer =
  | { readonly state: 'resolved'; readonly commit: string }
  /** `early` where a permission may not be known everywhere yet, so that the same question may be answered soon. */
  | { readonly state: 'failed'; readonly why: string; readonly early?: boolean };
