import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import axios, { type AxiosInstance } from 'axios';

export interface BoundedHttp {
  readonly http: AxiosInstance;
  /** Closes the connections that are kept. */
  close(): void;
}

/**
 * One host's client: connections are kept alive, answers are text of at most `maxAnswerBytes`, redirects are an error and
 * no proxy of the environment is asked. A time-out is the caller's, by a signal.
 */
export function boundedHttp({
  sockets,
  maxAnswerBytes,
}: {
  readonly sockets: number;
  readonly maxAnswerBytes: number;
}): BoundedHttp {
  const keptAlive = { keepAlive: true, maxSockets: sockets };
  const [httpAgent, httpsAgent] = [new HttpAgent(keptAlive), new HttpsAgent(keptAlive)];
  const http = axios.create({
    httpAgent,
    httpsAgent,
    maxRedirects: 0,
    maxContentLength: maxAnswerBytes,
    proxy: false,
    responseType: 'text',
    // axios would make an object of a text that is JSON.
    transformResponse: (text: unknown) => text,
  });
  return {
    http,
    close: () => {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

/** No answer at all, or one that says to ask again later. */
export function isTransient(error: unknown): boolean {
  if (!axios.isAxiosError(error)) return false;
  const { response } = error;
  return response === undefined || response.status === 408 || response.status === 429 || response.status >= 500;
}
