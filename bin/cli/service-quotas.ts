import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import type { Aws } from './outside';

const SERVICE = 'bedrock';

/** An account has a value of its own only after somebody has asked for one: before, AWS's default holds. */
export async function quotaOf(
  code: string,
  aws: Aws,
  client = new ServiceQuotasClient(aws),
): Promise<number | undefined> {
  const of = { ServiceCode: SERVICE, QuotaCode: code };
  const own = await client.send(new GetServiceQuotaCommand(of)).catch(unlessMissing);
  if (own?.Quota?.Value !== undefined) return own.Quota.Value;
  const usual = await client.send(new GetAWSDefaultServiceQuotaCommand(of)).catch(unlessMissing);
  return usual?.Quota?.Value;
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof Error && error.name === 'NoSuchResourceException') return;
  throw error;
}
