import { badRequest } from '../refusal';

/** Where the endpoint is: at an address, up to and without `/chat/completions`, or at Bedrock's own in a Region. */
export interface EndpointAddress {
  readonly endpoint?: string;
  readonly region?: string;
}

/** The address by the variables that AWS's SDK reads for its own calls, so that all of them go to one place. */
export function addressIn(env: Readonly<Record<string, string | undefined>>): EndpointAddress {
  const runtime = env['AWS_ENDPOINT_URL_BEDROCK_RUNTIME'] ?? env['AWS_ENDPOINT_URL'];
  const region = env['AWS_REGION'];
  return { ...(runtime && { endpoint: `${slashless(runtime)}/openai/v1` }), ...(region && { region }) };
}

/** As the client's `baseURL` would be. */
export function addressOf({ endpoint, region }: EndpointAddress): string {
  if (endpoint) return slashless(endpoint);
  if (region) return `https://bedrock-runtime.${region}.amazonaws.com/openai/v1`;
  throw badRequest("api: 'chat-completions' needs the option 'region', or AWS_REGION", null, 'region_missing');
}

function slashless(address: string): string {
  return address.replace(/\/+$/, '');
}
