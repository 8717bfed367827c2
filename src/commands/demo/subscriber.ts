import { once } from 'node:events';
import { concat, hashTypedData, keccak256, parseAbiParameters, recoverAddress, toHex, type Hex } from 'viem';
import { WebSocket } from 'ws';

const TYPES = {
  Snapshot: [
    ...parseAbiParameters('uint64 cut, bytes32 packedRoot, uint32 signerEpoch, uint64 validUntil'),
    { name: 'evidence', type: 'Evidence' },
  ],
  Evidence: parseAbiParameters('bytes32 root, bytes32 riskRoot, bytes32 configHash'),
} as const;
/** Recovering a signature in plain JavaScript takes milliseconds: one message in so many is verified. */
const SAMPLE_EVERY = 10;

interface Message {
  readonly type: string;
  readonly network?: string;
  readonly header?: Readonly<Record<string, string | number>>;
  readonly signature?: Hex;
  readonly reports?: readonly {
    readonly price: ProvedLeaf;
    readonly figures?: ProvedLeaf;
    readonly view: { readonly price?: string };
  }[];
}

interface ProvedLeaf {
  readonly leaf: Hex;
  readonly proof: readonly Hex[];
}

/** A stranger on the stream: it verifies with viem what it receives, and knows nothing of our code. */
export class Subscriber {
  sampled = 0;
  verified = 0;
  /** Milliseconds from the start of the process to the first price that was received and verified. */
  firstSignedMs: number | undefined;
  private received = 0;
  private network = '';
  private readonly socket: WebSocket;
  private readonly verifying = new Set<Promise<void>>();

  constructor(
    url: string,
    private readonly signer: string,
  ) {
    this.socket = new WebSocket(url);
    this.socket.on('open', () => {
      this.socket.send('{"id":1,"op":"subscribe","feeds":"*"}');
    });
    this.socket.on('message', (data: Buffer) => {
      this.take(JSON.parse(data.toString()) as Message);
    });
  }

  async close(): Promise<void> {
    this.socket.close();
    await once(this.socket, 'close');
    await Promise.all(this.verifying);
  }

  private take(message: Message): void {
    if (message.type === 'welcome') this.network = message.network ?? '';
    if (message.header === undefined || message.signature === undefined) return;
    const isFirstPrice =
      this.firstSignedMs === undefined && (message.reports ?? []).some(({ view }) => view.price !== undefined);
    if (!isFirstPrice && this.received++ % SAMPLE_EVERY !== 0) return;
    this.sampled++;
    const verifying = this.verify(message).then((isVerified) => {
      if (!isVerified) return;
      this.verified++;
      if (isFirstPrice) this.firstSignedMs ??= Math.round(performance.now());
    });
    this.verifying.add(verifying);
    void verifying.finally(() => this.verifying.delete(verifying));
  }

  private async verify({ header = {}, signature = '0x', reports = [] }: Message): Promise<boolean> {
    const leaves = reports.flatMap(({ price, figures }) => (figures === undefined ? [price] : [price, figures]));
    if (!leaves.every(({ leaf, proof }) => proof.reduce(parent, keccak256(leaf)) === header['root'])) return false;
    const domain = { name: 'Assay', version: '1', salt: keccak256(toHex(this.network)) };
    const hash = hashTypedData({
      domain,
      types: TYPES,
      primaryType: 'Snapshot',
      message: { ...header, evidence: header } as never,
    });
    return (await recoverAddress({ hash, signature })) === this.signer;
  }
}

function parent(a: Hex, b: Hex): Hex {
  return keccak256(concat(a < b ? [a, b] : [b, a]));
}
