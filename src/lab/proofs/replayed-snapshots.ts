import { secp256k1 } from '@noble/curves/secp256k1';
import type { Cut } from '../../oracle/cut';
import { HeaderDigest } from '../../oracle/reporting/header-digest';
import type { Keccak } from '../../oracle/reporting/keccak';
import { priceLeafIndex } from '../../oracle/reporting/leaf';
import { decodePriceLeaf, PRICE_LEAF_BYTES } from '../../oracle/reporting/price-leaf';
import { SnapshotTree } from '../../oracle/reporting/snapshot-tree';
import { SECOND_MS, type EpochMs } from '../../oracle/units/time';
import type { Configuration } from '../../platform/config/configuration';
import { loadKeccak } from '../../platform/keccak';
import { scenarioNamed, START_AT, Truths } from '../run/lab';
import { Listener } from '../run/listener';
import { SimulatedMarket, WARM_UP_MS } from '../run/simulated-market';
import type { Check } from '../scoring/judge';
import { addressOf, Consumer, FRESH_FOR_MS, type Believed, type Presented } from './consumer';
import { allOf, isSo, type Proof } from './proof';

const FEED = 'BTC/USD';
const OTHER_FEED = 'ALT/USD';
const SEED = 1;
/** After which a consumer without news must hold, whatever it was told before. */
const HOLD_AFTER_MS = 10 * SECOND_MS;
const REPLAYED = 200;
/** The first account of every fresh anvil (https://getfoundry.sh/anvil): the whole world can sign with it. */
export const KEY = Buffer.from('ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80', 'hex');

/** Snapshots that an engine really signed, handed to a consumer again, elsewhere, for another feed, or not at all. */
export const replayedSnapshots: Proof = {
  name: 'replayedSnapshots',
  about: 'old, foreign and withheld snapshots, and an oracle that starts cold',
  async prove(configuration) {
    const keccak = await loadKeccak();
    const honest = publishCalm(configuration, keccak);
    const foreign = publishCalm(elsewhere(configuration), keccak);
    return [
      ...refusals(configuration, honest, foreign, keccak),
      ...withheld(configuration, honest, keccak),
      coldStart(honest),
    ];
  },
};

export interface Snapshot extends Presented {
  readonly at: EpochMs;
  readonly other: Pick<Presented, 'leaf' | 'proof'>;
  readonly hasPrice: boolean;
  readonly mayOpen: boolean;
}

function refusals(
  configuration: Configuration,
  honest: readonly Snapshot[],
  foreign: readonly Snapshot[],
  keccak: Keccak,
): Check[] {
  const consumer = consumerOf(configuration, keccak);
  const priced = honest.filter(({ hasPrice }) => hasPrice);
  const newest = priced.at(-1) as Snapshot;
  const now = newest.at + 1;
  const fresh = consumer.take(newest, now);
  const recent = priced.slice(-REPLAYED - 1, -1);
  const present = (changed: Partial<Presented>): Believed => consumer.take({ ...newest, ...changed }, now, Infinity);
  const old = recent[0] as Snapshot;
  return [
    isSo('the newest is believed', 'price' in fresh, `the newest ${'price' in fresh ? 'believed' : fresh.refused}`),
    allOf(
      'old snapshots refused',
      recent.map((each) => 'refused' in consumer.take(each, now, Infinity)),
    ),
    allOf(
      'those of another network refused',
      foreign.slice(-REPLAYED).map((each) => 'refused' in consumerOf(configuration, keccak).take(each, each.at + 1)),
    ),
    allOf('cherry-picked and changed ones refused', [
      'refused' in present({ leaf: old.leaf, proof: old.proof }),
      'refused' in present(newest.other),
      'refused' in present({ leaf: newest.leaf.map((byte, index) => (index === 60 ? byte ^ 1 : byte)) }),
      'refused' in present({ header: { ...newest.header, validUntil: newest.header.validUntil + 60_000 } }),
      'refused' in present({ header: { ...newest.header, cut: newest.header.cut + 100 } }),
    ]),
  ];
}

/** How long a consumer to whom nothing new is shown goes on believing the last: to open by it, and at all. */
function withheld(configuration: Configuration, honest: readonly Snapshot[], keccak: Keccak): Check[] {
  const last = honest.filter(({ hasPrice }) => hasPrice).at(-1) as Snapshot;
  const believedFor = (maxAgeMs: number): number => {
    for (let ms = 0; ; ms += 10) {
      if ('refused' in consumerOf(configuration, keccak).take(last, last.at + ms, maxAgeMs)) return ms;
    }
  };
  const [toOpen, atAll] = [believedFor(FRESH_FOR_MS), believedFor(HOLD_AFTER_MS)];
  return [
    isSo('withheld: no new risk within 2 s', toOpen <= FRESH_FOR_MS + 10, `withheld: no new risk after ${toOpen} ms`),
    isSo('withheld: no price within 10 s', atAll <= HOLD_AFTER_MS, `no price after ${atAll} ms`),
  ];
}

function coldStart(honest: readonly Snapshot[]): Check {
  const first = honest.find(({ mayOpen }) => mayOpen);
  const ms = first === undefined ? Infinity : first.at - (honest[0]?.at ?? 0);
  return isSo(
    'cold: nothing to act on before it is warm',
    ms >= WARM_UP_MS - 5 * SECOND_MS,
    `cold: to act on after ${ms} ms`,
  );
}

function consumerOf({ plan, service }: Configuration, keccak: Keccak): Consumer {
  const signer = addressOf(secp256k1.getPublicKey(KEY, false), keccak);
  return new Consumer({ network: plan.network, feed: FEED, signer, epoch: service.signer.epoch, keccak });
}

/** The same feeds, signed by the same key, for somebody else. */
function elsewhere(configuration: Configuration): Configuration {
  return { ...configuration, plan: { ...configuration.plan, network: `${configuration.plan.network}-elsewhere` } };
}

/** As the service's key would, and only where somebody looks: most snapshots are shown to nobody. */
function sign(digest: Uint8Array): Uint8Array {
  const signature = secp256k1.sign(digest, KEY, { prehash: false });
  return Uint8Array.of(...signature.toBytes('compact'), 27 + signature.recovery);
}

/** What a cold engine publishes of a calm market, one snapshot for each cut, as a consumer gets it. */
export function publishCalm(configuration: Configuration, keccak: Keccak): Snapshot[] {
  const scenario = { ...scenarioNamed('calm'), judged: 'ALT', durationMs: 5_000 } as const;
  const truth = new Truths(SEED).of(scenario);
  const { feeds } = configuration.plan;
  const tree = new SnapshotTree(2 * feeds.length, keccak);
  const leaves = new Map<number, Uint8Array>();
  const [own, other] = [FEED, OTHER_FEED].map((id) => priceLeafIndex(feeds.findIndex((feed) => feed.id === id)));
  const snapshots: Snapshot[] = [];
  const digest = new HeaderDigest(configuration.plan.network, keccak);
  const onCut = (cut: Cut): void => {
    for (const { index, bytes } of cut.leaves) {
      tree.set(index, bytes);
      leaves.set(index, bytes);
    }
    const shown = (index = 0): Pick<Presented, 'leaf' | 'proof'> => ({
      leaf: leaves.get(index) ?? new Uint8Array(0),
      proof: tree.proof(index),
    });
    const { leaf } = shown(own);
    snapshots.push({
      at: cut.at,
      header: cut.header,
      get signature() {
        return sign(digest.of(cut.header));
      },
      ...shown(own),
      other: shown(other),
      hasPrice: leaf.length > PRICE_LEAF_BYTES.withoutPrice,
      mayOpen: decodePriceLeaf(leaf).permits.includes('open'),
    });
  };
  const listener = new Listener(configuration, { keccak, onCut });
  const market = new SimulatedMarket({ scenario, seed: SEED, truth, startAt: START_AT });
  for (const { event } of market.arrivals()) listener.hear(event);
  listener.reach(START_AT + scenario.durationMs);
  return snapshots;
}
