import { z } from 'zod';
import type { Dialect, Outcome } from '../../dialect';
import { frameTemplate } from '../../wire/frame-template';
import { integer, number, readJson, understood } from '../../wire/json';
import { ACKNOWLEDGED, HEARTBEAT, rejected, tooLarge } from '../../wire/outcomes';

// INDEX is https://docs.deribit.com/subscriptions/market-data/deribit_volatility_indexindex_name
// HEARTBEATS is https://docs.deribit.com/api-reference/session-management/public-set_heartbeat

const MAX_FRAME_BYTES = 1024 * 1024;
const CHANNEL = 'deribit_volatility_index.';
const PER_CENT = 100;

/** HEARTBEATS: the least that may be asked for. */
const HEARTBEAT_SECONDS = 10;
const ID = { heartbeat: 1, subscribe: 2, test: 3 } as const;
/** HEARTBEATS: who does not answer is disconnected. */
const TESTED: readonly Outcome[] = [
  { kind: 'control', control: 'heartbeat', reply: request(ID.test, 'public/test', {}) },
];

/** INDEX, "Server sends subscription notification data". Figures are JSON numbers. */
const NEWS = frameTemplate(
  '{"jsonrpc":"2.0","method":"subscription","params":{"channel":"deribit_volatility_index.<channel>","data":{"volatility":<volatility:number>,"timestamp":<at:integer>,"index_name":"<index>"}}}',
);
const news = z.object({
  params: z.object({
    data: z.object({ volatility: number, timestamp: integer, index_name: z.string() }),
  }),
});

/** Configured indices: `btc_usd`. */
type Indices = ReadonlySet<string>;

export const deribit: Dialect<Indices> = {
  name: 'deribit',
  endpoint: 'wss://www.deribit.com/ws/api/v2',
  // INDEX names 47 in all.
  maxInstruments: 100,
  url: (endpoint) => endpoint,
  subscribe: (instruments) => [
    request(ID.heartbeat, 'public/set_heartbeat', { interval: HEARTBEAT_SECONDS }),
    request(ID.subscribe, 'public/subscribe', { channels: instruments.map((index) => CHANNEL + index) }),
  ],
  keepalive: undefined,
  silenceMs: 3 * HEARTBEAT_SECONDS * 1_000,
  rotateAfterMs: undefined,
  maxFrameBytes: MAX_FRAME_BYTES,
  open: (instruments) => new Set(instruments),
  parse(indices, frame) {
    if (frame.length > MAX_FRAME_BYTES) return tooLarge(frame, MAX_FRAME_BYTES);
    const words = NEWS.read(frame);
    if (words === undefined) return readJson(frame, (json) => anyForm(indices, frame, json));
    const [channel, volatility, at, index] = words;
    return said(indices, frame, { channel: CHANNEL + channel, index, volatility, at });
  },
};

interface News {
  readonly channel: string;
  readonly index: string;
  /** In per cent a year. */
  readonly volatility: number;
  readonly at: number;
}

function said(indices: Indices, frame: string, { channel, index, volatility, at }: News): readonly Outcome[] {
  if (channel !== CHANNEL + index) return rejected('wrongShape', frame);
  if (!indices.has(index)) return rejected('unknownInstrument', index);
  return [{ kind: 'volatility', instrument: index, volatility: volatility / PER_CENT, observedAt: at }];
}

const anyFrame = z.object({
  id: z.unknown().optional(),
  method: z.string().optional(),
  params: z.object({ channel: z.string().optional(), type: z.string().optional() }).optional(),
  result: z.unknown().optional(),
  error: z.unknown().optional(),
});

function anyForm(indices: Indices, frame: string, json: unknown): readonly Outcome[] {
  return understood(anyFrame, json, ({ id, method, params, result, error }) => {
    if (error !== undefined) return rejected('refusedByVenue', frame);
    if (method === 'heartbeat') return params?.type === 'test_request' ? TESTED : HEARTBEAT;
    if (method === undefined)
      return result === undefined ? rejected('wrongShape', frame) : answered(indices, id, result);
    const { channel = '' } = params ?? {};
    if (method !== 'subscription') return rejected('channelNotUsed', method);
    if (!channel.startsWith(CHANNEL)) return rejected('channelNotUsed', channel);
    return understood(news, json, ({ params: { data } }) =>
      said(indices, frame, { channel, index: data.index_name, volatility: data.volatility, at: data.timestamp }),
    );
  });
}

/** The answer to a subscription lists what was subscribed to; what it leaves out will never be told. */
function answered(indices: Indices, id: unknown, result: unknown): readonly Outcome[] {
  if (id === ID.test) return HEARTBEAT;
  if (id !== ID.subscribe || !Array.isArray(result)) return ACKNOWLEDGED;
  const missing = [...indices].filter((index) => !result.includes(CHANNEL + index));
  return missing.length === 0 ? ACKNOWLEDGED : rejected('refusedByVenue', `not subscribed to: ${missing.join(', ')}`);
}

function request(id: number, method: string, params: object): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params });
}
