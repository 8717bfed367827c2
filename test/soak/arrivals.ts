import { once } from 'node:events';
import WebSocket from 'ws';
import { FEEDS } from '../support/quorum-house';

interface Message {
  readonly header?: { readonly cut: string; readonly validUntil: string };
  readonly reports?: readonly { readonly feed: string; readonly view: { readonly price?: string } }[];
}

/** A subscriber that notes how long after its instant each cut reaches it, and how far its prices are from the truth. */
export class Arrivals {
  /** Both clocks are this machine's. */
  readonly ms: number[] = [];
  /** Since `forget`: how far the furthest price was from the truth, and how many reports had none. */
  worstErrorBps = 0;
  withoutPrice = 0;
  /** When the newest snapshot runs out, in epoch milliseconds. */
  validUntil = -Infinity;
  private readonly socket: WebSocket;
  private last = 0;
  private readonly waiting = new Set<() => void>();

  private constructor(url: string) {
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/v1/stream`);
    const subscribe = { id: 1, op: 'subscribe', feeds: Object.keys(FEEDS) };
    this.socket.on('open', () => this.socket.send(JSON.stringify(subscribe)));
    // Who is cut off hears nothing more, and that is noticed.
    this.socket.on('error', () => undefined);
    this.socket.on('message', (data: Buffer) => {
      this.take(JSON.parse(data.toString()) as Message);
    });
  }

  static async open(url: string): Promise<Arrivals> {
    const arrivals = new Arrivals(url);
    await once(arrivals.socket, 'open');
    return arrivals;
  }

  /** Resolves once so many further cuts have come; rejects, saying how many did, after a time without any. */
  async further(count: number, patienceMs: number): Promise<void> {
    const wanted = this.ms.length + count;
    while (this.ms.length < wanted) {
      const seen = this.ms.length;
      if (await this.isSilent(patienceMs)) {
        throw new Error(`after ${count - (wanted - seen)} of ${count} cuts none came for ${patienceMs} ms`);
      }
    }
  }

  /** Whether no cut comes for so long. */
  isSilent(forMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const heard = (): void => {
        clearTimeout(timer);
        this.waiting.delete(heard);
        resolve(false);
      };
      const timer = setTimeout(() => {
        this.waiting.delete(heard);
        resolve(true);
      }, forMs);
      this.waiting.add(heard);
    });
  }

  forget(): void {
    this.worstErrorBps = this.withoutPrice = 0;
  }

  stop(): void {
    this.socket.terminate();
  }

  private take({ header, reports = [] }: Message): void {
    const cut = Number(header?.cut ?? 0);
    for (const { feed, view } of reports) {
      const errorBps = Math.abs(Number(view.price) / (FEEDS[feed] ?? NaN) - 1) * 10_000;
      if (view.price === undefined) this.withoutPrice += 1;
      else this.worstErrorBps = Math.max(this.worstErrorBps, errorBps);
    }
    if (cut <= this.last) return;
    this.last = cut;
    this.validUntil = Number(header?.validUntil);
    this.ms.push(Date.now() - cut * 10);
    for (const heard of this.waiting) heard();
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
