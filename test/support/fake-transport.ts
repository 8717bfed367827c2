import type { Transport } from '../../src/outbound/stream/subscriber';

/** What the stream tells about prices; absent fields are as docs/stream.md has them. */
export interface StreamMessage {
  readonly type: string;
  readonly sequence: number;
  readonly header: {
    readonly cut: string;
    readonly root: string;
    readonly riskRoot: string;
    readonly packedRoot: string;
  };
  readonly signature: string;
  readonly reports?: readonly {
    readonly feed: string;
    readonly price: { readonly leaf: string; readonly proof: readonly string[] };
    readonly figures?: { readonly leaf: string; readonly proof: readonly string[] };
    readonly view: { readonly price?: string; readonly status: string; readonly twap?: Record<string, string> };
  }[];
  readonly groups?: readonly { readonly leaf: string; readonly proof: readonly string[]; readonly message: string }[];
  readonly risk?: readonly {
    readonly feed: string;
    readonly leaves: readonly { readonly leaf: string; readonly proof: readonly string[] }[];
    readonly view: { readonly asOf: string };
  }[];
  readonly dependence?: {
    readonly feeds: readonly { readonly feed: string; readonly assetVersion: number }[];
    readonly leaves: readonly { readonly leaf: string; readonly proof: readonly string[] }[];
    readonly view: { readonly asOf: string };
  };
  readonly proofs?: readonly { readonly feed: string; readonly price: readonly string[] }[];
}

/** A socket that takes what is written at once, until a test stops it. */
export class FakeTransport implements Transport {
  /** What was written, a list of its buffers for each write. */
  readonly writes: Buffer[][] = [];
  readonly closed: { readonly code: number; readonly reason: string }[] = [];
  unsentBytes = 0;
  private drained: (() => void)[] = [];
  private blocked = false;

  write(start: Buffer, rest: Buffer): void {
    this.writes.push([start, rest]);
    if (this.blocked) this.unsentBytes += start.length + rest.length;
  }

  onceDrained(listener: () => void): void {
    this.drained.push(listener);
  }

  close(code: number, reason: string): void {
    this.closed.push({ code, reason });
  }

  /** The peer stops reading. */
  block(): void {
    this.blocked = true;
  }

  /** The peer has read all. */
  drain(): void {
    this.blocked = false;
    this.unsentBytes = 0;
    for (const listener of this.drained.splice(0)) listener();
  }

  /** The JSON of each write, its frame header taken off. */
  get messages(): StreamMessage[] {
    return this.writes.map((buffers) => {
      const text = Buffer.concat(buffers).toString();
      return JSON.parse(text.slice(text.indexOf('{"type"'))) as StreamMessage;
    });
  }
}
