import { Template } from 'aws-cdk-lib/assertions';
import { DemoStack } from '../../bin/app';
import { testApp } from '../lib/apps';

it('deploys the demo stack that was reviewed', () => {
  const template = JSON.stringify(Template.fromStack(new DemoStack(testApp(), 'GptOssDemo')).toJSON(), null, 1);
  // bundles change with every dependency: their hashes would make each of those a change of the snapshot
  expect(template.replaceAll(/[0-9a-f]{64}(?=\.zip)/g, '<asset>')).toMatchSnapshot();
});
