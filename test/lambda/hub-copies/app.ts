import { type CopyProperties, HUB_COPY_TYPE, HUB_COPY_WAIT_TYPE } from '../../../lib/contract';
import { OTHER_RESOURCE } from '../../../local/cloudformation/other-resources';
import type { Template } from '../../../local/cloudformation/template';

export interface CopyPlan {
  /** Commit, tag or branch. */
  readonly revision: string;
  readonly bucket: string;
  readonly owns: boolean;
  readonly links: 1 | 2 | 3;
  /** Any other property: another value is a change that means the same copy. */
  readonly accepts: string;
}

/** A resource after the copy that may fail the stack. */
export interface OtherPlan {
  readonly seconds: number;
  readonly failsOn: '' | 'Create' | 'Update';
  readonly beside: boolean;
  readonly change: number;
}

export interface Plan {
  readonly copy?: CopyPlan;
  readonly other: OtherPlan;
}

export const CALM: OtherPlan = { seconds: 5, failsOn: '', beside: false, change: 0 };
export const COPY: CopyPlan = { revision: '1'.repeat(40), bucket: 'own-1', owns: true, links: 1, accepts: '' };

export const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:';

/** What lib/hub-copy.ts makes of a source, as far as the handler meets it. */
export function template({ copy, other }: Plan, machine: string): Template {
  const { seconds: Seconds, failsOn: FailsOn, change: Change, beside } = other;
  const links = copy ? linksOf(copy, machine) : {};
  return {
    Resources: {
      ...links,
      Other: {
        Type: OTHER_RESOURCE,
        Properties: { Seconds, FailsOn, Change },
        DependsOn: beside ? [] : Object.keys(links),
      },
    },
  };
}

export const nameOfLink = (link: number) => (link === 1 ? 'Copy' : `Copy${link}`);

function linksOf(copy: CopyPlan, machine: string): Template['Resources'] {
  return Object.fromEntries(
    Array.from({ length: copy.links }, (_, index) => {
      const link = index + 1;
      const first = {
        Commit: { 'Fn::GetAtt': ['Copy', 'Commit'] },
        Execution: { 'Fn::GetAtt': ['Copy', 'Execution'] },
      };
      const resource = {
        Type: link === 1 ? HUB_COPY_TYPE : HUB_COPY_WAIT_TYPE,
        Properties: { ...properties(copy, machine, link), ...(link > 1 && first) },
        ...(link > 1 && { DependsOn: [nameOfLink(link - 1)] }),
      };
      return [nameOfLink(link), resource];
    }),
  );
}

function properties({ revision, bucket, owns, links, accepts }: CopyPlan, machine: string, link: number) {
  const given: CopyProperties = {
    Repository: 'openai/gpt-oss-20b',
    Revision: revision,
    RepairRules: 'r1',
    Bucket: bucket,
    BucketOwner: '000000000000',
    AcceptedFindings: accepts === '' ? [] : [accepts],
    StateMachineArn: `${MACHINE}${machine}`,
    CopierArn: 'arn:aws:lambda:us-east-1:000000000000:function:copier',
    RemoveCopies: String(owns),
    TimeoutSeconds: '3000',
    Link: String(link),
    Links: String(links),
  };
  return { ...given, ServiceToken: 'provider', ServiceTimeout: '3600' };
}
