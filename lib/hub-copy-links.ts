import { CfnResource, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { CopyAttributes, CopyProperties, HUB_COPY_TYPE, HUB_COPY_WAIT_TYPE } from './contract';
import { linkProperties, secondsOfLinks } from './import-links';

type SharedProperties = Omit<CopyProperties, 'TimeoutSeconds' | 'Link' | 'Links' | 'Commit' | 'Execution'> & {
  readonly ServiceToken: string;
};

/** The copy's resource, and one more for each further 50 minutes: see `importLinks`. */
export function copyLinks(copy: Construct, timeout: Duration, shared: SharedProperties) {
  const [firstSeconds, ...furtherSeconds] = secondsOfLinks(timeout);
  const links = furtherSeconds.length + 1;
  const first = new CfnResource(copy, 'Resource', {
    type: HUB_COPY_TYPE,
    properties: { ...linkProperties(shared, 1, links, firstSeconds) },
  });
  let last = first;
  for (const [index, seconds] of furtherSeconds.entries()) {
    const link = index + 2;
    const commit: keyof CopyAttributes = 'Commit';
    const execution: keyof CopyAttributes = 'Execution';
    const wait = new CfnResource(copy, `Wait${link}`, {
      type: HUB_COPY_WAIT_TYPE,
      properties: {
        ...linkProperties(shared, link, links, seconds),
        Commit: first.getAtt(commit),
        Execution: first.getAtt(execution),
      },
    });
    wait.addDependency(last);
    last = wait;
  }
  return { first, last };
}
