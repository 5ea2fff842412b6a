import { BedrockError, ConnectionCut } from './errors';
import type { CallFault } from './faults';
import type { Clock } from './ports';

/** What a fault does before the call takes effect. Throws BedrockError, or ConnectionCut where there is no answer. */
export async function strikeBefore(fault: CallFault, clock: Clock): Promise<void> {
  const { kind, operation, milliseconds = 1000, error = 'InternalServerException', message = error } = fault;
  switch (kind) {
    case 'throttle':
      throw new BedrockError('ThrottlingException', 'Too many requests, please wait before trying again.');
    case 'server-error':
      throw new BedrockError(
        'InternalServerException',
        'The system encountered an unexpected error during processing.',
      );
    case 'access-denied':
      throw new BedrockError('AccessDeniedException', `User is not authorized to perform: bedrock:${operation}`);
    case 'error':
      throw new BedrockError(error, message);
    case 'timeout-before':
      throw new ConnectionCut(operation);
    case 'slow':
      return clock.sleep(milliseconds);
    case 'timeout-after':
      return;
  }
}
