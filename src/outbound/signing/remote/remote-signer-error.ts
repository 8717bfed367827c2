import axios from 'axios';
import { BrokenCircuitError, TaskCancelledError } from 'cockatiel';

/** Why a remote signer gave no signature. */
export type RemoteFault =
  | 'unreachable'
  | 'late'
  | 'tooLarge'
  | 'redirected'
  | 'refused'
  | 'unknownKey'
  | 'malformed'
  | 'wrongSignature'
  | 'resting'
  | 'closed';

/** In words for an operator, without the address's path, which may hold a token. */
export class RemoteSignerError extends Error {
  override readonly name = 'RemoteSignerError';

  constructor(
    readonly fault: RemoteFault,
    message: string,
  ) {
    super(message);
  }
}

/** What a request to a remote signer ended with, by name. An axios error would bring the whole request along. */
export function remoteFault(error: unknown, host: string, timeoutMs: number): RemoteSignerError {
  if (error instanceof RemoteSignerError) return error;
  const fail = (fault: RemoteFault, what: string): RemoteSignerError =>
    new RemoteSignerError(fault, `remote signer ${host} ${what}`);
  if (error instanceof BrokenCircuitError)
    return fail('resting', 'failed too often in a row and is left alone a while');
  if (axios.isCancel(error) || error instanceof TaskCancelledError) {
    return fail('late', `gave no answer within ${timeoutMs} ms`);
  }
  if (!axios.isAxiosError(error)) return fail('unreachable', `failed: ${wordsOf(error)}`);
  const status = error.response?.status;
  if (error.message.startsWith('maxContentLength'))
    return fail('tooLarge', 'answered with more than a signature takes');
  if (status === undefined) return fail('unreachable', `cannot be reached: ${error.code ?? error.message}`);
  if (status === 404) return fail('unknownKey', 'answered 404: it no longer has the key');
  if (status >= 300 && status < 400) return fail('redirected', `answered ${status}: redirects are not followed`);
  return fail('refused', `refused to sign: it answered ${status}`);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
