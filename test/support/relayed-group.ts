import { PERMITS, type Report } from '../../src/oracle/report';
import type { Keccak } from '../../src/oracle/reporting/keccak';
import { PackedGroup, readWords } from '../../src/oracle/reporting/packed-group';
import { wordsOf } from '../../src/oracle/reporting/packed-message';
import type { Offer } from '../../src/outbound/relay/carrier';
import type { KeySigner } from '../../src/outbound/signing/key-signer';
import { loadKeccak } from '../../src/platform/keccak';
import { deployContract, type Deployed } from './contracts';
import { anvilSigners, NETWORK, packedMessage } from './quorum';
import { toHex } from './signed-message';

export const RELAYED_FEEDS = ['BTC/USD', 'ETH/USD', 'USDT/USD', 'SOL/USD'] as const;
const PLANS = RELAYED_FEEDS.map((id) => ({ id, asset: { symbol: id.slice(0, 3), version: 1 }, decimals: 8 }));
const THRESHOLD = 3;

/** Prices in dollars by place; `undefined` is a feed that is halted. */
export type Dollars = readonly (number | undefined)[];
export const CALM: Dollars = [65_000, 2_000, 1, 80];

/** A group of four feeds and the five who sign it, three of whom suffice. */
export class RelayedGroup {
  private constructor(
    private readonly keccak: Keccak,
    private readonly signers: readonly KeySigner[],
    readonly group: PackedGroup,
  ) {}

  static async make(): Promise<RelayedGroup> {
    const keccak = await loadKeccak();
    return new RelayedGroup(keccak, await anvilSigners(5, keccak), new PackedGroup(PLANS, keccak));
  }

  offer(cut: number, dollars: Dollars = CALM, validForMs = 3_600_000): Offer {
    const reports = dollars.map((price, feed) => reportOf(feed, cut, price));
    const signers = this.signers.slice(0, THRESHOLD);
    const sketch = { group: this.group, reports, cut, signers, validUntil: cut * 10 + validForMs };
    const message = packedMessage(sketch, this.keccak);
    return { message, standing: readWords(wordsOf(message), PLANS.length) };
  }

  /** A store of the group on a chain of `startAnvil`. */
  deploy(url: string): Promise<Deployed> {
    const layout = PLANS.map(({ id, asset, decimals }) => ({
      id: `0x${Buffer.from(id).toString('hex').padEnd(64, '0')}`,
      assetVersion: asset.version,
      decimals,
    }));
    const addresses = this.signers.map(({ address }) => address);
    return deployContract(url, 'AssayStore', [NETWORK, addresses[0], 1, addresses, THRESHOLD, layout]);
  }

  get hash(): `0x${string}` {
    return toHex(this.group.hash);
  }
}

function reportOf(feed: number, cut: number, dollars: number | undefined): Report {
  const price = Math.round((dollars ?? 0) * 1e8);
  const prices = { price, low: price, high: price, collateral: price, liability: price };
  return {
    feed,
    sequence: 1,
    cut,
    observedAt: dollars === undefined ? undefined : cut * 10,
    status: dollars === undefined ? 'halted' : 'ok',
    reasons: [],
    permits: dollars === undefined ? ['repay', 'topUp'] : PERMITS,
    prices: dollars === undefined ? undefined : prices,
    sources: { used: 4, upstreams: 4 },
    dispersionBps: 0,
  };
}
