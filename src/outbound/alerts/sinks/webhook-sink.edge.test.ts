import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { AlertChange } from '../alert';
import { WEBHOOK_DEFAULTS, WebhookSink, type WebhookSettings } from './webhook-sink';

const NOW = 1_700_000_000_123;
const change: AlertChange = {
  id: 'feedHalted:BTC/USD',
  rule: 'feedHalted',
  subject: 'BTC/USD',
  severity: 'critical',
  state: 'firing',
  since: 1_700_000_000_000,
  at: 1_700_000_000_000,
  cut: 170_000_000_000,
  summary: 'BTC/USD is halted',
  evidence: { feed: 'BTC/USD', reasons: ['tooOld'], used: 0 },
};

type Answer = (response: ServerResponse, request: IncomingMessage) => void;
const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(code, headers).end();
const hang: Answer = () => {};
const hangUp: Answer = (_response, request) => request.socket.destroy();
const halfAnAnswer: Answer = (response) => {
  response.writeHead(200, { 'content-length': '100' });
  response.write('half');
};

let server: Server;
let sink: WebhookSink | undefined;
let answers: Answer[];
let requests: { headers: IncomingMessage['headers']; body: string }[];

beforeEach(async () => {
  [answers, requests] = [[], []];
  server = createServer((request, response) => {
    void text(request).then((body) => {
      requests.push({ headers: request.headers, body });
      const answer = answers.shift() ?? status(200);
      answer(response, request);
      server.emit('answered');
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});

afterEach(async () => {
  sink?.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function sinkOf(settings: Partial<WebhookSettings> = {}): WebhookSink {
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/hook?token=s3cret`;
  const quick = { ...WEBHOOK_DEFAULTS, retryDelayMs: 1, secret: undefined, timeoutMs: 5_000 };
  sink = new WebhookSink({ ...quick, url, ...settings }, () => NOW);
  return sink;
}

describe(WebhookSink.name, () => {
  test('posts the change, signed with the secret over time and body', async () => {
    await sinkOf({ secret: 'between us' }).deliver(change);
    const [request] = requests;
    expect(JSON.parse(request!.body)).toStrictEqual(change);
    expect(request!.headers['content-type']).toBe('application/json');
    expect(request!.headers['x-assay-timestamp']).toBe(String(NOW));
    const mac = createHmac('sha256', 'between us').update(`${NOW}.${request!.body}`).digest('hex');
    expect(request!.headers['x-assay-signature']).toBe(`sha256=${mac}`);
  });

  test('posts without a signature where there is no secret', async () => {
    await sinkOf().deliver(change);
    expect(requests[0]!.headers).not.toHaveProperty('x-assay-signature');
  });

  test.each<[string, Answer]>([
    ['500', status(500)],
    ['429', status(429)],
    ['408', status(408)],
    ['a connection that breaks', hangUp],
  ])('tries again after %s', async (_case, answer) => {
    answers = [answer, answer, status(204)];
    await sinkOf().deliver(change);
    expect(requests).toHaveLength(3);
  });

  test.each<[string, Answer]>([
    ['hangs', hang],
    ['stops in the middle of its answer', halfAnAnswer],
  ])('gives a receiver that %s no longer than its time, then tries again', async (_case, answer) => {
    answers = [answer, status(200)];
    await sinkOf({ timeoutMs: 50 }).deliver(change);
    expect(requests).toHaveLength(2);
  });

  test.each<[string, Answer, RegExp]>([
    ['a refusal', status(400), /400/],
    ['a redirect, which could lead anywhere', status(302, { location: '/elsewhere' }), /302/],
  ])('takes %s as final', async (_case, answer, message) => {
    answers = [answer];
    await expect(sinkOf().deliver(change)).rejects.toThrow(message);
    expect(requests).toHaveLength(1);
  });

  test('gives up after its attempts, without a word of the address', async () => {
    answers = Array.from({ length: 9 }, () => status(503));
    const failure = sinkOf({ retries: 2 }).deliver(change);
    await expect(failure).rejects.toThrow(/503/);
    await expect(failure).rejects.not.toThrow(/s3cret/);
    expect(requests).toHaveLength(3);
  });

  test('refuses an answer larger than anyone needs', async () => {
    answers = [(response) => response.end('x'.repeat(1_000_000))];
    await expect(sinkOf({ retries: 0 }).deliver(change)).rejects.toThrow(/maxContentLength/);
  });

  test('leaves a receiver alone that fails again and again, and finds it when it is back', async () => {
    answers = [status(500), status(500)];
    const patient = sinkOf({ retries: 0, breakAfter: 2, breakMs: 60_000 });
    await expect(patient.deliver(change)).rejects.toThrow(/500/);
    await expect(patient.deliver(change)).rejects.toThrow(/500/);
    await expect(patient.deliver(change)).rejects.toThrow(/breaker is open/);
    expect(requests).toHaveLength(2);
    const eager = sinkOf({ retries: 0, breakAfter: 1, breakMs: 0 });
    answers = [status(500)];
    await expect(eager.deliver(change)).rejects.toThrow(/500/);
    await expect(eager.deliver(change)).resolves.toBeUndefined();
  });

  test('gives up what is under way when it is closed', async () => {
    answers = [hang];
    const answered = once(server, 'answered');
    const closing = sinkOf({ timeoutMs: 60_000 });
    const delivery = closing.deliver(change);
    await answered;
    closing.close();
    await expect(delivery).rejects.toThrow();
    expect(requests).toHaveLength(1);
  });

  test('gives up a pause between attempts when it is closed', async () => {
    answers = [status(500)];
    const answered = once(server, 'answered');
    const closing = sinkOf({ retryDelayMs: 3_600_000 });
    const delivery = closing.deliver(change);
    await answered;
    closing.close();
    await expect(delivery).rejects.toThrow();
  });
});
