import { ensureVenv } from '../../../local/python';

/** AWS's own command line (version 1, which PyPI has) and Python SDK: clients that nobody here wrote. */
const packages = ['awscli==1.46.3', 'boto3==1.44.5', 'botocore==1.44.5'];

/** The folder of their programs, `aws` and `python`. Made on first use, in about twenty seconds. */
export async function awsTools(): Promise<string> {
  return ensureVenv('aws-tools', packages);
}
