import type { PackedStanding } from '../../oracle/reporting/packed-group';
import type { EpochMs } from '../../oracle/units/time';
import type { Clock } from '../../platform/clock/clock';
import type { RelayChain, RelayStore } from '../../platform/config/relay-configuration';
import type { AccountView, Chain, Hex, PushOutcome } from './chain';
import { causeToPush, type Cause } from './decide';
import { feesFor, feesToReplace, type FeeMarket, type Fees } from './fees';
import type { GasBook } from './gas-book';

/** A group as of a cut, ready to be pushed. */
export interface Offer {
  readonly standing: PackedStanding;
  readonly message: Uint8Array;
}

/** What a carrier tells of itself; must not throw. */
export type CarrierEvent =
  | { readonly kind: 'sent'; readonly group: string; readonly cause: Cause | 'replacement'; readonly fees: Fees }
  | { readonly kind: 'stored'; readonly group: string; readonly gas: number; readonly cut: number }
  | { readonly kind: 'reverted'; readonly group: string; readonly gas: number }
  /** The nonce went to a transaction that this carrier does not know: another program uses the account. */
  | { readonly kind: 'displaced'; readonly group: string; readonly nonce: number }
  | { readonly kind: 'held'; readonly group: string; readonly why: HeldWhy };

export type HeldWhy = 'feeAboveCap' | 'gasOfDayUsed' | `refused ${string}` | 'nonceUsed';

/** A transaction under way: of one nonce, in as many versions as it was replaced. */
interface Flight {
  readonly store: RelayStore;
  readonly nonce: number;
  readonly cut: number;
  readonly fees: Fees;
  readonly sentAt: EpochMs;
  readonly hashes: readonly Hex[];
}

/** A version of a transaction that nodes keep refusing as too cheap is raised so often at most: beyond tenfold. */
const MAX_RAISES = 24;

/**
 * Keeps the stores of one chain fresh from one account, one transaction at a time: its nonces have no gaps, and a store
 * that waits is told the newest, not what was new when its turn was asked for. Which store is to be told is asked of the
 * chain, so that a restart, or somebody else's push, changes nothing.
 */
export class Carrier {
  private readonly offers = new Map<string, Offer>();
  private readonly stored = new Map<RelayStore, PackedStanding | undefined>();
  private flight: Flight | undefined;

  constructor(
    private readonly settings: RelayChain,
    private readonly chain: Chain,
    private readonly gas: GasBook,
    private readonly clock: Clock,
    private readonly tell: (event: CarrierEvent) => void,
  ) {}

  /** The newest of a group; an older one is not worth a word any more. */
  offer(group: string, offer: Offer): void {
    const before = this.offers.get(group);
    if (before === undefined || offer.standing.cut > before.standing.cut) this.offers.set(group, offer);
  }

  /** Whether a store has to be told something that is on offer, and why. */
  causeFor(store: RelayStore): Cause | undefined {
    const offered = this.offers.get(store.group)?.standing ?? this.stored.get(store);
    return offered && causeToPush(this.stored.get(store), offered, store, this.clock.now());
  }

  /** What a store was last seen to hold. */
  standing(store: RelayStore): PackedStanding | undefined {
    return this.stored.get(store);
  }

  get isWaiting(): boolean {
    return this.flight !== undefined;
  }

  /** Looks at the chain once and does what is to be done. Rejects where no node answers. */
  async turn(): Promise<void> {
    const view = await this.chain.view();
    if (this.flight !== undefined) await this.follow(this.flight, view);
    for (const store of this.settings.stores) await this.look(store);
    for (const store of this.byAge()) {
      if (this.flight !== undefined) return;
      await this.serve(store, view);
    }
  }

  /** The store that was told the longest ago comes first. */
  private byAge(): RelayStore[] {
    const cutOf = (store: RelayStore): number => this.stored.get(store)?.cut ?? 0;
    return [...this.settings.stores].sort((a, b) => cutOf(a) - cutOf(b));
  }

  private async look(store: RelayStore): Promise<void> {
    this.stored.set(store, await this.chain.standing(store.address, store.feeds, this.stored.get(store)));
  }

  private async serve(store: RelayStore, view: AccountView): Promise<void> {
    const cause = this.causeFor(store);
    const offer = this.offers.get(store.group);
    const stored = this.stored.get(store);
    if (cause === undefined || offer === undefined) return;
    // A heartbeat is due by the clock, and nothing newer has come.
    if (stored !== undefined && offer.standing.cut <= stored.cut) return;
    await this.send(store, offer, view.nonce, feesFor(view, this.settings.maxFeePerGas), { cause, market: view });
  }

  private async follow(flight: Flight, view: AccountView): Promise<void> {
    if (view.nonce > flight.nonce) return this.settle(flight);
    const waitedMs = this.clock.now() - flight.sentAt;
    const isLost = waitedMs >= this.settings.blockMs && !(await this.isKnown(flight));
    if (waitedMs < this.settings.replaceAfterMs && !isLost) return;
    const offer = this.offers.get(flight.store.group);
    if (offer === undefined) return;
    const fees = feesToReplace(flight.fees, view, this.settings.maxFeePerGas);
    await this.send(flight.store, offer, flight.nonce, fees, { cause: 'replacement', market: view });
  }

  private async isKnown({ hashes }: Flight): Promise<boolean> {
    for (const hash of hashes.toReversed()) if (await this.chain.knows(hash)) return true;
    return false;
  }

  private async settle({ store, nonce, cut, hashes }: Flight): Promise<void> {
    for (const hash of hashes.toReversed()) {
      const receipt = await this.chain.receipt(hash);
      if (receipt === undefined) continue;
      this.flight = undefined;
      const { gas, succeeded } = receipt;
      this.gas.spend(gas, this.clock.now());
      this.tell(
        succeeded ? { kind: 'stored', group: store.group, gas, cut } : { kind: 'reverted', group: store.group, gas },
      );
      return;
    }
    this.flight = undefined;
    this.tell({ kind: 'displaced', group: store.group, nonce });
  }

  private async send(
    store: RelayStore,
    { message, standing }: Offer,
    nonce: number,
    firstFees: Fees | undefined,
    { cause, market }: { readonly cause: Cause | 'replacement'; readonly market: FeeMarket },
  ): Promise<void> {
    const { group, address } = store;
    const maxGas = this.gas.left(this.clock.now());
    let fees = firstFees;
    for (let raise = 0; fees !== undefined && raise < MAX_RAISES; raise += 1) {
      const outcome = await this.chain.push({ store: address, message, nonce, fees, maxGas });
      if (outcome.kind === 'sent') {
        const earlier = this.flight?.nonce === nonce ? this.flight.hashes : [];
        const hashes = [...earlier, outcome.hash];
        this.flight = { store, nonce, cut: standing.cut, fees, sentAt: this.clock.now(), hashes };
        this.tell({ kind: 'sent', group, cause, fees });
        return;
      }
      if (outcome.kind !== 'underpriced') {
        this.tell({ kind: 'held', group, why: whyOf(outcome) });
        return;
      }
      fees = feesToReplace(fees, market, this.settings.maxFeePerGas);
    }
    this.tell({ kind: 'held', group, why: 'feeAboveCap' });
  }
}

function whyOf(outcome: Exclude<PushOutcome, { kind: 'sent' | 'underpriced' }>): HeldWhy {
  switch (outcome.kind) {
    case 'refused':
      return `refused ${outcome.error}`;
    case 'overBudget':
      return 'gasOfDayUsed';
    case 'nonceUsed':
      return 'nonceUsed';
  }
}
