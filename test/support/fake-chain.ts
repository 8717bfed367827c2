import { readWords, type PackedStanding } from '../../src/oracle/reporting/packed-group';
import { wordsOf } from '../../src/oracle/reporting/packed-message';
import type { AccountView, Chain, Hex, Push, PushOutcome, Receipt } from '../../src/outbound/relay/chain';

/** What a push of the fake uses, reverted or not. */
export const FAKE_GAS = 60_000;

interface Waiting extends Push {
  readonly hash: Hex;
}

/** A chain with one store of one group in memory, and one account; a block is mined after each push unless held. */
export class FakeChain implements Chain {
  baseFeePerGas = 10n;
  tipPerGas = 1n;
  /** Every pending or mined push, in the order in which it was taken. */
  readonly taken: Waiting[] = [];
  /** No node answers. */
  isDown = false;
  private stored: PackedStanding | undefined;
  private nonce = 0;
  private pool: Waiting[] = [];
  private readonly receipts = new Map<Hex, Receipt>();
  private holding = false;

  constructor(
    private readonly store: Hex,
    private readonly hash: Hex,
    readonly account: Hex = '0x00000000000000000000000000000000000000ac',
  ) {}

  async view(): Promise<AccountView> {
    this.refuseIfDown();
    const { nonce, baseFeePerGas, tipPerGas } = this;
    return { nonce, baseFeePerGas, tipPerGas };
  }

  async chainId(): Promise<number> {
    this.refuseIfDown();
    return 31_337;
  }

  async group(store: Hex): Promise<Hex> {
    if (store !== this.store) throw new Error(`no store at ${store}`);
    return this.hash;
  }

  async standing(): Promise<PackedStanding | undefined> {
    this.refuseIfDown();
    return this.stored;
  }

  async push(push: Push): Promise<PushOutcome> {
    this.refuseIfDown();
    if (!this.isNewer(push)) return { kind: 'refused', error: 'NotNewer' };
    if (FAKE_GAS > push.maxGas) return { kind: 'overBudget', gas: FAKE_GAS };
    if (push.nonce < this.nonce) return { kind: 'nonceUsed' };
    const rival = this.pool.find(({ nonce }) => nonce === push.nonce);
    if (rival !== undefined && !outbids(push, rival)) return { kind: 'underpriced' };
    const waiting = { ...push, hash: hashOf(push) };
    this.taken.push(waiting);
    this.pool = [...this.pool.filter((each) => each !== rival), waiting];
    if (!this.holding) this.mine();
    return { kind: 'sent', hash: waiting.hash };
  }

  async receipt(hash: Hex): Promise<Receipt | undefined> {
    return this.receipts.get(hash);
  }

  async knows(hash: Hex): Promise<boolean> {
    return this.receipts.has(hash) || this.pool.some((waiting) => waiting.hash === hash);
  }

  /** No block is mined until `mine`. */
  hold(): void {
    this.holding = true;
  }

  mine(): void {
    this.holding = false;
    for (const { hash, message, nonce } of this.pool) {
      const succeeded = this.isNewer({ message });
      if (succeeded) this.stored = standingOf(message);
      this.receipts.set(hash, { succeeded, gas: FAKE_GAS });
      this.nonce = nonce + 1;
    }
    this.pool = [];
  }

  /** All nodes forget what waits. */
  drop(): void {
    this.pool = [];
  }

  /** Somebody else's push, mined before whatever waits. */
  pushedByOther(message: Uint8Array): void {
    this.stored = standingOf(message);
  }

  /** Another program uses the account. */
  useNonce(): void {
    this.nonce += 1;
    this.pool = [];
  }

  private isNewer({ message }: Pick<Push, 'message'>): boolean {
    return standingOf(message).cut > (this.stored?.cut ?? 0);
  }

  private refuseIfDown(): void {
    if (this.isDown) throw new Error('no node answers');
  }
}

/** Of the same transaction the same. */
function hashOf({ nonce, message, fees }: Push): Hex {
  const identity = (BigInt(standingOf(message).cut) << 80n) | (fees.maxFeePerGas << 16n) | BigInt(nonce);
  return `0x${identity.toString(16).padStart(64, '0')}`;
}

/** By a tenth in both, as nodes have it. */
function outbids({ fees }: Push, rival: Push): boolean {
  const enough = (fee: bigint, before: bigint): boolean => fee * 10n >= before * 11n;
  return (
    enough(fees.maxFeePerGas, rival.fees.maxFeePerGas) &&
    enough(fees.maxPriorityFeePerGas, rival.fees.maxPriorityFeePerGas)
  );
}

function standingOf(message: Uint8Array): PackedStanding {
  return readWords(wordsOf(message), 4);
}
