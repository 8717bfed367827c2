import { PRICE_LEAF_BYTES } from '../src/oracle/reporting/price-leaf';
import type { Keccak } from '../src/oracle/reporting/keccak';
import type { LedgerEntry } from '../src/outbound/ledger/ledger';
import { developmentKey } from '../src/outbound/signing/development-key';
import { KeySigner } from '../src/outbound/signing/key-signer';
import { loadSecp256k1 } from '../src/outbound/signing/secp256k1';
import { SECOND_MS, type EpochMs } from '../src/oracle/units/time';
import type { Signer } from '../src/outbound/signing/signer';
import type { Configuration } from '../src/platform/config/configuration';
import { loadKeccak } from '../src/platform/keccak';
import { buildEngine } from '../src/runtime/build-engine';
import type { Engine } from '../src/runtime/engine';
import { Market, realConfiguration } from './market';
import { median, spread, timed, type Row, type Target } from './paired';

const BENCH = 'frame to signed snapshot';
const TARGET: Target = { floor: 2, aim: 1.3 };
const ROUNDS = 21;
/** Simulated seconds in a round. */
const SECONDS = 6;
const WARM_UP_SECONDS = 20;
/** Every feed leaves `warming` after 60 s and `grace` 10 s later. */
const START_UP_SECONDS = 75;
const STARTED_AT = 1_790_000_000_000;
/** Frames come this far apart, more than a tick: each makes a cut of its own. */
const FRAME_EVERY_MS = 20;
/** All sources speak again this long after each second, untimed; then the frames begin. */
const REFRESH_AT_MS = 12;
const FRAMES_FROM_MS = 40;

interface P50s {
  readonly own: number;
  readonly limit: number;
  /** Reports that changed in one cut. */
  readonly reports: number;
}

/** The engine at work on the real configuration, in simulated time. */
class Bench {
  private second = STARTED_AT;
  private readonly market: Market;
  private signature: Uint8Array = new Uint8Array(0);

  private constructor(
    private readonly configuration: Configuration,
    private readonly engine: Engine,
    private readonly limit: () => Uint8Array,
  ) {
    this.market = new Market(configuration);
  }

  static async start(): Promise<Bench> {
    const configuration = realConfiguration();
    const keccak = await loadKeccak();
    const curve = await loadSecp256k1();
    if (curve.backend !== 'native') throw new Error('the native secp256k1 did not load, and the limit is made of it');
    const signer = new KeySigner(developmentKey(), curve, keccak);
    const engine = buildEngine(configuration, { keccak, signer });
    const bench = new Bench(configuration, engine, limitOf(2 * configuration.plan.feeds.length, keccak, signer));
    for (let second = 0; second < START_UP_SECONDS; second++) bench.passSecond();
    return bench;
  }

  /** Times frames of one source, each with the cut it makes, and the limit in alternation. */
  frames(id: string, seconds: number): P50s {
    const source = this.configuration.plan.sources.findIndex((each) => each.id === id);
    const pairs = new Pairs();
    for (let second = 0; second < seconds; second++) {
      this.passSecond();
      for (let at = this.second + FRAMES_FROM_MS; at < this.second + SECOND_MS; at += FRAME_EVERY_MS) {
        const event = this.market.frame(source, at);
        this.time(pairs, () => {
          this.engine.hear(event);
          return this.advance(at);
        });
      }
    }
    return pairs.p50s();
  }

  /** Times the cuts of the one-second grid, in which the figures of all feeds change, and the limit in alternation. */
  gridCuts(seconds: number): P50s {
    const pairs = new Pairs();
    for (let second = 0; second < seconds; second++) {
      this.passSecond((at) => {
        this.time(pairs, () => this.advance(at));
      });
    }
    return pairs.p50s();
  }

  /** One simulated second: the grid's cut, then a cut in which everyone speaks. */
  private passSecond(grid: (at: EpochMs) => void = (at) => this.advance(at)): void {
    this.second += SECOND_MS;
    grid(this.second);
    const at = this.second + REFRESH_AT_MS;
    const { plan, nominalPrices, chains } = this.configuration;
    plan.sources.forEach((_, source) => this.engine.hear(this.market.frame(source, at)));
    for (const { id, feed } of plan.anchors) {
      const read = { value: String(nominalPrices[feed]), updatedAt: at };
      this.engine.hear({ at, chain: chains[0]?.name ?? '', reader: id, read });
    }
    this.advance(at);
  }

  private time(pairs: Pairs, own: () => readonly LedgerEntry[]): void {
    let entries: readonly LedgerEntry[] = [];
    const ownMs = timed(() => {
      entries = own();
    });
    const limitMs = timed(() => {
      this.signature = this.limit();
    });
    const [entry] = entries;
    if (entries.length !== 1 || entry?.signature.length !== this.signature.length) {
      throw new Error(`${entries.length} entries instead of one that is signed`);
    }
    pairs.add(ownMs, limitMs, entry.cut.reports.length);
  }

  private advance(at: EpochMs): readonly LedgerEntry[] {
    return [...this.engine.advance(at)];
  }
}

class Pairs {
  private readonly own: number[] = [];
  private readonly limit: number[] = [];
  private readonly reports: number[] = [];

  add(own: number, limit: number, reports: number): void {
    this.own.push(own);
    this.limit.push(limit);
    this.reports.push(reports);
  }

  p50s(): P50s {
    return { own: median(this.own), limit: median(this.limit), reports: median(this.reports) };
  }
}

/** One native signature of a digest, and two changed paths of keccak: each a leaf and a pair on every level. */
function limitOf(leaves: number, keccak: Keccak, signer: Signer): () => Uint8Array {
  const leaf = new Uint8Array(PRICE_LEAF_BYTES.withUsePrices).fill(7);
  const pair = new Uint8Array(64).fill(9);
  const levels = Math.ceil(Math.log2(leaves));
  return () => {
    for (let path = 0; path < 2; path++) {
      pair.set(keccak(leaf), 0);
      for (let level = 0; level < levels; level++) pair.set(keccak(pair), 0);
    }
    return signer.sign(pair.subarray(0, 32));
  };
}

export async function frameToSnapshot(): Promise<Row[]> {
  const bench = await Bench.start();
  const row = (what: string, round: (seconds: number) => P50s): Row => {
    round(WARM_UP_SECONDS);
    const all = Array.from({ length: ROUNDS }, () => round(SECONDS));
    return {
      bench: BENCH,
      what: `${what}, ${median(all.map(({ reports }) => reports))} reports`,
      ratio: spread(all.map(({ own, limit }) => own / limit)),
      micros: 1_000 * median(all.map(({ own }) => own)),
      limitMicros: 1_000 * median(all.map(({ limit }) => limit)),
    };
  };
  return [
    {
      ...row('a frame of coinbase:BTC-USD', (seconds) => bench.frames('coinbase:BTC-USD', seconds)),
      target: TARGET,
    },
    row('a frame of coinbase:USDT-USD', (seconds) => bench.frames('coinbase:USDT-USD', seconds)),
    row('the cut of the one-second grid', (seconds) => bench.gridCuts(4 * seconds)),
  ];
}
