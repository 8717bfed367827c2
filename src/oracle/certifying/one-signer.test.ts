import fc from 'fast-check';
import { arbitraryMarket, BUSY, type Turn } from '../../../test/support/arbitrary-market';
import { newOracle } from '../../../test/support/oracle-driver';
import { loadKeccak } from '../../platform/keccak';
import { stateFromJson, stateToJson } from '../../runtime/state-json';
import type { Cut } from '../cut';
import type { OracleInput } from '../input';
import type { Oracle } from '../oracle';
import type { Report } from '../report';
import type { Keccak } from '../reporting/keccak';
import { cutInstant, cutNumberAt, TICK_MS } from '../units/time';
import { Certifier, type CertifiedCut, type CertifierState } from './certifier';
import { observedFeed } from './observed-feed';

let keccak: Keccak;
beforeAll(async () => {
  keccak = await loadKeccak();
});

function certifier(state?: CertifierState): Certifier {
  const options = { keccak, configHash: new Uint8Array(32), signerEpoch: 1 };
  return new Certifier(BUSY, { ...options, rules: { threshold: 1, toleranceBps: 0 } }, state);
}

/** As `drive`, with cuts only at whole ticks, where a quorum has its slots. */
function* driveByTicks(oracle: Oracle, at: number, inputs: readonly OracleInput[]): Generator<Cut, void> {
  const due = (): number => cutInstant(Math.ceil(oracle.dueAt() / TICK_MS));
  for (let next = due(); next < at && next > -Infinity; next = due()) yield* made(oracle.advance(next, []));
  yield* made(oracle.advance(at, inputs));
}

function made(cut: Cut | undefined): Cut[] {
  return cut === undefined ? [] : [cut];
}

/** What a quorum publishes too: the rest is one signer's own knowledge. */
function shared({ verdicts: _verdicts, rates: _rates, liquidity: _liquidity, ...cut }: Cut): CertifiedCut {
  return cut;
}

/** A signer that publishes alone, beside a certifier that hears nothing but what that signer reports. */
class Pair {
  private oracle = newOracle(BUSY, keccak);
  private certifier = certifier();
  private readonly seen: Report[] = [];

  advance({ at, inputs }: Turn): void {
    for (const cut of driveByTicks(this.oracle, cutInstant(cutNumberAt(at)), inputs)) {
      for (const report of cut.reports) this.seen[report.feed] = report;
      this.certifier.draft(cut.number, [this.seen.map(observedFeed)]);
      const certified = this.certifier.commit();
      expect(certified).toEqual(shared(cut));
    }
  }

  restart(): void {
    this.oracle = newOracle(BUSY, keccak, throughJson(this.oracle.state()));
    this.certifier = certifier(throughJson(this.certifier.state()));
  }
}

/** Instants of one tick become one. */
function byTicks(turns: readonly Turn[]): readonly Turn[] {
  const ticks = new Map<number, Turn>();
  for (const { at, inputs } of turns) {
    const tick = cutNumberAt(at);
    ticks.set(tick, { at: cutInstant(tick), inputs: [...(ticks.get(tick)?.inputs ?? []), ...inputs] });
  }
  return [...ticks.values()];
}

describe('a quorum of one', () => {
  it('publishes to the byte what its signer publishes alone', () => {
    fc.assert(
      fc.property(arbitraryMarket, (turns) => {
        const pair = new Pair();
        for (const turn of byTicks(turns)) pair.advance(turn);
      }),
      { numRuns: 150 },
    );
  });

  it('goes on in the same way where both were away until the last snapshot had run out', () => {
    const lives = fc.array(fc.tuple(arbitraryMarket, fc.nat(6_000)), {
      minLength: 2,
      maxLength: 3,
    });
    fc.assert(
      fc.property(lives, (parts) => {
        const pair = new Pair();
        let late = 0;
        for (const [turns, away] of parts) {
          const whole = byTicks(turns);
          for (const { at, inputs } of whole) pair.advance({ at: at + late, inputs });
          pair.restart();
          late += (whole.at(-1)?.at ?? 0) - (whole[0]?.at ?? 0) + BUSY.cuts.validForMs + 4_000 + away * TICK_MS;
        }
      }),
      { numRuns: 30 },
    );
  });
});

/** As a ledger keeps it. */
function throughJson<State>(state: State): State {
  return stateFromJson(JSON.parse(JSON.stringify(stateToJson(state)))) as State;
}
