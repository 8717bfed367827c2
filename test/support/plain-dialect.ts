import type { Dialect } from '../../src/inbound/dialect';

/** A dialect that only transport needs: one frame per instrument subscribes, and nothing is ever parsed. */
export const plainDialect: Dialect = {
  name: 'plain',
  endpoint: 'wss://stream.example/ws',
  maxInstruments: 100,
  url: (endpoint) => endpoint,
  subscribe: (instruments) => instruments.map((instrument) => `subscribe ${instrument}`),
  keepalive: undefined,
  silenceMs: 60_000,
  rotateAfterMs: undefined,
  maxFrameBytes: 1_000,
  open: () => undefined,
  parse: () => [],
};
