import { CfnParameter, Token } from 'aws-cdk-lib';
import { GptOssImportedModel, ModelSource } from '../../lib';
import { FINDING_CODES } from '../../lib/finding-codes';
import { CODES } from '../../weights/codes';
import { testStack, theOnly } from './apps';

const accepting = (acceptedFindings: string[]) => {
  const stack = testStack();
  new GptOssImportedModel(stack, 'Model', { acceptedFindings });
  return theOnly(stack, 'Custom::BedrockImportedModel').Properties['AcceptedFindings'];
};

test('the codes that may be accepted are those that a finding can have', () => {
  expect(FINDING_CODES).toEqual(Object.keys(CODES));
});

test('takes codes, and what is known at deploy time only', () => {
  expect(accepting(['chat-template-missing', 'architecture'])).toEqual(['chat-template-missing', 'architecture']);
  expect(accepting([Token.asString({ Ref: 'Code' })])).toEqual([{ Ref: 'Code' }]);
  const stack = testStack();
  const codes = new CfnParameter(stack, 'Codes', { type: 'CommaDelimitedList' });
  new GptOssImportedModel(stack, 'Model', { acceptedFindings: codes.valueAsList });
  expect(theOnly(stack, 'Custom::BedrockImportedModel').Properties['AcceptedFindings']).toEqual({ Ref: 'Codes' });
});

test.each([
  ['index-extra-metdata', "got 'index-extra-metdata'; did you mean 'index-extra-metadata' or 'index-extra-keys'?"],
  ['Architecture', "got 'Architecture'; did you mean 'architecture'?"],
  ['*', "got '*'; take the code that the error was reported with"],
])('fails for the code %s', (code, message) => {
  expect(() => accepting(['architecture', code])).toThrow(message);
  expect(() => ModelSource.huggingFace('openai/gpt-oss-20b', { acceptedFindings: [code] })).toThrow(message);
});
