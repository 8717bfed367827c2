import WebSocket from 'ws';
import { FEEDS } from '../support/quorum-house';

/** A subscriber that notes how long after its instant each cut reaches it. Both clocks are this machine's. */
export class Arrivals {
  readonly ms: number[] = [];
  private readonly socket: WebSocket;
  private last = 0;

  constructor(url: string) {
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/v1/stream`);
    const subscribe = { id: 1, op: 'subscribe', feeds: Object.keys(FEEDS) };
    this.socket.on('open', () => this.socket.send(JSON.stringify(subscribe)));
    this.socket.on('message', (data: Buffer) => {
      const { header } = JSON.parse(data.toString()) as { readonly header?: { readonly cut: string } };
      const cut = Number(header?.cut ?? 0);
      if (cut <= this.last) return;
      this.last = cut;
      this.ms.push(Date.now() - cut * 10);
    });
  }

  stop(): void {
    this.socket.terminate();
  }
}

/** Of each the median and the 99th percentile, and what the quorum adds as a ratio to the single signer. */
export function latencies(single: Arrivals, quorum: Arrivals) {
  const of = ({ ms }: Arrivals, share: number): number =>
    [...ms].sort((a, b) => a - b)[Math.floor(share * (ms.length - 1))] ?? NaN;
  const row = (share: number) => ({
    single: of(single, share),
    quorum: of(quorum, share),
    ratio: Math.round((of(quorum, share) / of(single, share)) * 100) / 100,
  });
  return { p50: row(0.5), p99: row(0.99) };
}
