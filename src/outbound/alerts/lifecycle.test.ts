import fc from 'fast-check';
import { planOf } from '../../../test/support/plans';
import type { Cut } from '../../oracle/cut';
import type { Reason, Report, Status } from '../../oracle/report';
import { type Verdict, verdictCode } from '../../oracle/verdict';
import type { AlertChange } from './alert';
import { AlertLifecycle, type AlertLifecycleState } from './lifecycle';
import { type AlertTerms, type RuleName, alertRules } from './rules/all-rules';

const AT = 1_700_000_000_000;
const plan = planOf({
  'BTC/USD': { sources: { binance: {}, kraken: {} } },
  'ETH/USD': { sources: { binance: {} } },
});
const TERMS: AlertTerms = {
  sourceDown: { severity: 'warning', forMs: 10_000 },
  mediansDisagree: { severity: 'critical', forMs: 1_000 },
  feedHalted: { severity: 'critical', forMs: 0 },
  cheapToMove: { severity: 'warning', forMs: 0, floors: { 'BTC/USD': 1_000 } },
};

interface Script {
  readonly feeds?: Readonly<Record<number, readonly [Status, ...Reason[]]>>;
  readonly sources?: Readonly<Record<number, readonly [Verdict, number?, number?]>>;
  /** By feed; undefined where it is not known. */
  readonly costs?: Readonly<Record<number, number | undefined>>;
}

/** A cut so many milliseconds after AT that mentions only what the script names. */
function cutOf(afterMs: number, { feeds = {}, sources = {}, costs = {} }: Script = {}): Cut {
  const rows = Object.entries(sources);
  const at = AT + afterMs;
  return {
    at,
    number: at / 10,
    reports: Object.entries(feeds).map(([feed, [status, ...reasons]]) => ({
      ...({
        feed: Number(feed),
        sequence: 1,
        cut: at / 10,
        observedAt: undefined,
        permits: [],
      } satisfies Partial<Report>),
      ...{ status, reasons, prices: undefined, sources: { used: 1, upstreams: 1 }, dispersionBps: 12.5 },
    })),
    verdicts: {
      source: Uint32Array.from(rows, ([source]) => Number(source)),
      code: Uint8Array.from(rows, ([, [verdict]]) => verdictCode(verdict)),
      weight: new Float64Array(rows.length),
      measured: Float64Array.from(rows, ([, [, measured = NaN]]) => measured),
      limit: Float64Array.from(rows, ([, [, , limit = NaN]]) => limit),
      depth: new Float32Array(rows.length).fill(NaN),
    },
    figures: [],
    liquidity: Object.entries(costs).map(([feed, costToMove]) => ({
      ...{ feed: Number(feed), cut: at / 10, upstreams: [] },
      costToMove,
    })),
    halts: [],
    leaves: [],
    header: {} as Cut['header'],
  };
}

function lifecycle(state?: AlertLifecycleState): AlertLifecycle {
  return new AlertLifecycle(plan, alertRules(TERMS), state);
}

const briefly = ({ id, state, at }: AlertChange): string => `${at - AT} ${state} ${id}`;

/** What a sequence of cuts changes, in brief. */
function changesOf(alerts: AlertLifecycle, ...cuts: readonly Cut[]): string[] {
  return cuts.flatMap((cut) => alerts.evaluate(cut)).map(briefly);
}

describe(AlertLifecycle.name, () => {
  test('fires at the first cut at which the condition has held for forMs, though no later cut mentions it', () => {
    const cuts = [cutOf(0, { sources: { 0: ['silent'] } }), cutOf(9_990), cutOf(10_000), cutOf(11_000)];
    expect(changesOf(lifecycle(), ...cuts)).toStrictEqual(['10000 firing sourceDown:binance:BTC/USD']);
  });

  test('fires at once where forMs is 0, and is resolved once the condition has been gone for a while', () => {
    const alerts = lifecycle();
    const changes = changesOf(
      alerts,
      cutOf(0, { feeds: { 0: ['halted', 'tooFewUpstreams'] } }),
      cutOf(1_000, { feeds: { 0: ['grace', 'resuming'] } }),
      cutOf(5_990),
      cutOf(6_000),
      cutOf(7_000),
    );
    expect(changes).toStrictEqual(['0 firing feedHalted:BTC/USD', '6000 resolved feedHalted:BTC/USD']);
    expect(alerts.state()).toStrictEqual({ pending: {}, firing: [] });
  });

  test('forgets a condition that goes before forMs', () => {
    const disagree = { feeds: { 0: ['degraded', 'mediansDisagree'] } } as const;
    const cuts = [cutOf(0, disagree), cutOf(900, { feeds: { 0: ['ok'] } }), cutOf(950, disagree), cutOf(1_940)];
    expect(changesOf(lifecycle(), ...cuts)).toStrictEqual([]);
  });

  test('keeps one alert through a flicker, with the time at which it all began', () => {
    const halted = { feeds: { 1: ['halted', 'tooOld'] } } as const;
    const ok = { feeds: { 1: ['ok'] } } as const;
    const alerts = lifecycle();
    const flicker = [cutOf(0, halted), cutOf(100, ok), cutOf(4_000, halted), cutOf(5_200, ok), cutOf(10_100)];
    expect(changesOf(alerts, ...flicker)).toStrictEqual(['0 firing feedHalted:ETH/USD']);
    const [resolved] = alerts.evaluate(cutOf(10_200));
    expect(resolved).toMatchObject({ state: 'resolved', since: AT, at: AT + 10_200 });
  });

  test('says nothing of what no cut has mentioned', () => {
    expect(changesOf(lifecycle(), cutOf(0), cutOf(100_000))).toStrictEqual([]);
  });

  test('takes alerts and waiting conditions over a restart, and lets them be until a cut speaks of them', () => {
    const before = lifecycle();
    before.evaluate(cutOf(0, { feeds: { 0: ['halted', 'tooOld'] }, sources: { 1: ['staleReceived', 9, 8] } }));
    const state = JSON.parse(JSON.stringify(before.state())) as AlertLifecycleState;
    const after = lifecycle(state);
    expect(after.state()).toStrictEqual(before.state());
    const cuts = [cutOf(20_000), cutOf(20_010, { feeds: { 0: ['ok'] }, sources: { 1: ['silent'] } }), cutOf(26_000)];
    expect(changesOf(after, ...cuts)).toStrictEqual([
      '20010 firing sourceDown:kraken:BTC/USD',
      '26000 resolved feedHalted:BTC/USD',
    ]);
  });

  test('watches what it costs to move the feeds that have a floor, while somebody knows', () => {
    const alerts = lifecycle();
    const cuts = [
      cutOf(0, { costs: { 0: 1_000, 1: 1 } }),
      cutOf(60_000, { costs: { 0: 999, 1: 1 } }),
      cutOf(120_000, { costs: { 0: undefined, 1: 1 } }),
      cutOf(180_000, { costs: { 0: 1_500, 1: 1 } }),
      cutOf(185_000),
    ];
    const [fired, resolved, ...others] = cuts.flatMap((cut) => alerts.evaluate(cut));
    expect(others).toEqual([]);
    expect(fired).toMatchObject({
      id: 'cheapToMove:BTC/USD',
      at: AT + 60_000,
      summary:
        'BTC/USD can be moved by 1 % for 999 USD, less than its floor of 1000; ' +
        'lower what may be borrowed against it, or add sources',
      evidence: { feed: 'BTC/USD', costToMove: 999, floor: 1_000 },
    });
    expect(resolved).toMatchObject({ state: 'resolved', at: AT + 185_000, evidence: { costToMove: 1_500 } });
  });

  test('resolves what a new configuration no longer watches', () => {
    const before = lifecycle();
    before.evaluate(cutOf(0, { feeds: { 1: ['halted', 'tooOld'] } }));
    const smaller = planOf({ 'BTC/USD': { sources: { binance: {} } } });
    const after = new AlertLifecycle(smaller, alertRules(TERMS), before.state());
    expect(after.state().firing).toHaveLength(1);
    expect(changesOf(after, cutOf(50), cutOf(60))).toStrictEqual(['50 resolved feedHalted:ETH/USD']);
  });

  test('writes changes that carry their evidence', () => {
    const alerts = lifecycle();
    const [change] = alerts.evaluate(cutOf(0, { feeds: { 0: ['halted', 'tooFewUpstreams'] } }));
    expect(change).toStrictEqual({
      id: 'feedHalted:BTC/USD',
      rule: 'feedHalted',
      subject: 'BTC/USD',
      severity: 'critical',
      state: 'firing',
      since: AT,
      at: AT,
      cut: AT / 10,
      summary: 'BTC/USD is halted (tooFewUpstreams): 1 upstreams speak, 3 are needed',
      evidence: {
        feed: 'BTC/USD',
        status: 'halted',
        reasons: ['tooFewUpstreams'],
        used: 1,
        upstreams: 1,
        minUpstreams: 3,
      },
    });
  });

  const step = fc.record({
    pauseMs: fc.integer({ min: 1, max: 600 }).map((ticks) => ticks * 10),
    halted: fc.boolean(),
    down: fc.constantFrom<Verdict>('used', 'silent', 'staleEvent', 'crossed'),
  });
  /** Cuts that mention everything, as the first cut after a restart does. */
  const history = fc.array(step, { minLength: 1, maxLength: 40 }).map((steps) => {
    let after = 0;
    return steps.map(({ pauseMs, halted, down }) => {
      after += pauseMs;
      return cutOf(after, {
        feeds: { 0: [halted ? 'halted' : 'ok'], 1: ['ok'] },
        sources: { 0: [down], 1: ['used'], 2: ['used'] },
      });
    });
  });

  test('alternates between firing and resolved for each id, never sooner than its terms allow', () => {
    fc.assert(
      fc.property(history, (cuts) => {
        const alerts = lifecycle();
        const living = new Map<string, AlertChange>();
        for (const change of cuts.flatMap((cut) => alerts.evaluate(cut))) {
          if (change.state === 'firing') {
            expect(living.has(change.id)).toBe(false);
            expect(change.at - change.since).toBeGreaterThanOrEqual(TERMS[change.rule as RuleName].forMs);
            living.set(change.id, change);
          } else {
            const fired = living.get(change.id);
            expect(change.since).toBe(fired?.since);
            expect(change.at - fired!.at).toBeGreaterThanOrEqual(5_000);
            living.delete(change.id);
          }
        }
        expect(alerts.state().firing.map(({ alert }) => alert)).toStrictEqual(
          [...living.values()].sort((a, b) => (a.rule < b.rule ? 1 : -1)),
        );
      }),
    );
  });

  test('gives the same changes with a restart anywhere as without', () => {
    fc.assert(
      fc.property(history, fc.nat(), (cuts, seed) => {
        const restart = seed % cuts.length;
        const first = lifecycle();
        const interrupted = changesOf(first, ...cuts.slice(0, restart));
        interrupted.push(...changesOf(lifecycle(first.state()), ...cuts.slice(restart)));
        expect(interrupted).toStrictEqual(changesOf(lifecycle(), ...cuts));
      }),
    );
  });
});

describe('summaries', () => {
  const FIRED: readonly [string, Script, string][] = [
    [
      'silent',
      { sources: { 0: ['silent'] } },
      'binance:BTC/USD has said nothing since its connection opened; it has no vote',
    ],
    [
      'staleReceived',
      { sources: { 0: ['staleReceived', 12_000, 10_000] } },
      'binance:BTC/USD was last heard 12000 ms ago, more than 10000 ms; it has no vote',
    ],
    [
      'staleEvent',
      { sources: { 0: ['staleEvent', 12_000, 10_000] } },
      'binance:BTC/USD sends quotes that are 12000 ms old by its own clock, more than 10000 ms; it has no vote',
    ],
    [
      'mediansDisagree',
      { feeds: { 0: ['degraded', 'mediansDisagree'] } },
      'BTC/USD: the equal and the weighted median disagree by more than the band, dispersion 12.5 bps among 1 upstreams; see who moved alone',
    ],
    [
      'disagreementLasts',
      { feeds: { 0: ['degraded', 'disagreementLasts'] } },
      'BTC/USD: the equal and the weighted median disagree by more than the band, dispersion 12.5 bps among 1 upstreams; see who moved alone',
    ],
  ];

  test.each(FIRED)('name the thing, the value and the limit: %s', (_name, script, summary) => {
    const alerts = lifecycle();
    alerts.evaluate(cutOf(0, script));
    expect(alerts.evaluate(cutOf(10_000)).map((change) => change.summary)).toStrictEqual([summary]);
  });

  test('leave out what was not measured, which JSON could not hold', () => {
    const alerts = lifecycle();
    alerts.evaluate(cutOf(0, { sources: { 0: ['silent', NaN, 10_000] } }));
    const [change] = alerts.evaluate(cutOf(10_000));
    expect(change?.evidence).toStrictEqual({
      ...{ source: 'binance:BTC/USD', venue: 'binance', feed: 'BTC/USD', verdict: 'silent', limit: 10_000 },
    });
  });
});
