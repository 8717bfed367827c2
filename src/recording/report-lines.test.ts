import fc from 'fast-check';
import { plainRisk } from '../../test/support/arbitrary-risk';
import { arbitraryReport } from '../../test/support/arbitrary-report';
import type { Cut, Liquidity } from '../oracle/cut';
import type { FeedPlan, OraclePlan, SourcePlan } from '../oracle/plan';
import type { Figures, Report } from '../oracle/report';
import { type VerdictColumns, type VerdictRow, verdictCode } from '../oracle/verdict';
import { ReportLines } from './report-lines';

const AT = 1_700_000_000_000;
const zero = new Uint8Array(32);

const plan = {
  network: 'assay-test',
  upstreams: ['binance', 'kraken'],
  feeds: [{ id: 'BTC/USD', decimals: 2 } as FeedPlan, { id: 'DOGE/USD', decimals: 6 } as FeedPlan],
  sources: [
    { id: 'binance:DOGEUSDT', feed: 1 } as SourcePlan,
    { id: 'kraken:BTC/USD', feed: 0 } as SourcePlan,
    { id: 'okx:BTC-USDT', feed: 0 } as SourcePlan,
  ],
} as unknown as OraclePlan;

const report: Report = {
  feed: 0,
  sequence: 7,
  cut: 170_000_000_000,
  observedAt: AT - 30,
  status: 'ok',
  reasons: [],
  permits: ['open', 'withdraw', 'liquidate', 'repay', 'topUp'],
  prices: { price: 6_500_012, low: 6_499_900, high: 6_500_100, collateral: 6_499_900, liability: undefined },
  sources: { used: 2, upstreams: 2 },
  dispersionBps: 0.25,
};

const figures: Figures = {
  feed: 0,
  cut: 170_000_000_000,
  twaps: [
    { price: 6_500_000, coverageBps: 10_000 },
    { price: undefined, coverageBps: 4_000 },
    { price: undefined, coverageBps: 600 },
    { price: undefined, coverageBps: 300 },
  ],
  stable: 6_490_000,
  volatilityPpm: undefined,
  observations: 12,
};

const cut: Cut = {
  number: 170_000_000_000,
  at: AT,
  reports: [report],
  figures: [],
  verdicts: columnsOf([]),
  halts: [],
  leaves: [],
  header: {
    cut: 170_000_000_000,
    root: zero.with(31, 1),
    riskRoot: zero,
    packedRoot: zero,
    configHash: zero,
    signerEpoch: 1,
    validUntil: AT + 2_000,
  },
};

const liquidity: Liquidity = {
  feed: 0,
  cut: 170_000_000_000,
  costToMove: 250_000,
  upstreams: [
    { upstream: 1, weight: 0.75, depth: 12_500 },
    { upstream: 0, weight: 0.25, depth: undefined },
  ],
};

const halted: Report = {
  feed: 1,
  sequence: 2,
  cut: cut.number,
  observedAt: undefined,
  status: 'halted',
  reasons: ['tooFewUpstreams'],
  permits: ['repay', 'topUp'],
  prices: undefined,
  sources: { used: 0, upstreams: 0 },
  dispersionBps: 0,
};

function columnsOf(rows: readonly VerdictRow[]): VerdictColumns {
  return {
    source: Uint32Array.from(rows, (row) => row.source),
    code: Uint8Array.from(rows, (row) => verdictCode(row.verdict)),
    weight: Float64Array.from(rows, (row) => row.weight),
    measured: Float64Array.from(rows, (row) => row.measured),
    limit: Float64Array.from(rows, (row) => row.limit),
    depth: Float32Array.from(rows, (row) => row.depth),
  };
}

describe(ReportLines.name, () => {
  test('writes prices as decimal strings in one order of keys, and leaves out what is not known', () => {
    expect(new ReportLines(plan).of(cut)).toStrictEqual([
      '{"at":1700000000000,"cut":170000000000,"feed":"BTC/USD","sequence":7,"observedAt":1699999999970,' +
        '"price":"65000.12","low":"64999.00","high":"65001.00","collateral":"64999.00","twap":{},"status":"ok",' +
        '"reasons":[],"permits":["open","withdraw","liquidate","repay","topUp"],"sources":{"used":2,"upstreams":2},' +
        '"dispersionBps":0.25}',
    ]);
  });

  test('writes no price for a halted feed', () => {
    expect(new ReportLines(plan).of({ ...cut, reports: [halted] })).toStrictEqual([
      '{"at":1700000000000,"cut":170000000000,"feed":"DOGE/USD","sequence":2,"twap":{},"status":"halted",' +
        '"reasons":["tooFewUpstreams"],"permits":["repay","topUp"],"sources":{"used":0,"upstreams":0},"dispersionBps":0}',
    ]);
  });

  test('gives each report the newest TWAPs of its feed, those of this cut included', () => {
    const lines = new ReportLines(plan);
    const twapsOf = (of: Cut): unknown[] => lines.of(of).map((line) => (JSON.parse(line) as { twap: unknown }).twap);
    expect(twapsOf({ ...cut, figures: [figures] })).toStrictEqual([{ '1m': '65000.00' }]);
    expect(twapsOf({ ...cut, reports: [report, halted] })).toStrictEqual([{ '1m': '65000.00' }, {}]);
    const lapsed = { ...figures, twaps: figures.twaps.map(() => ({ price: undefined, coverageBps: 0 })) };
    expect(twapsOf({ ...cut, figures: [lapsed] })).toStrictEqual([{}]);
  });

  test('adds verdicts, risk, alerts and bytes when asked, in that order', () => {
    const lines = new ReportLines(plan, { verdicts: true, risk: true, bytes: true }).of(
      {
        ...cut,
        reports: [],
        figures: [figures],
        liquidity: [liquidity],
        verdicts: columnsOf([
          { source: 0, verdict: 'silent', weight: 0, measured: NaN, limit: NaN, depth: NaN },
          { source: 1, verdict: 'used', weight: 1, measured: 65_000.1, limit: NaN, depth: 12_500 },
          { source: 2, verdict: 'staleReceived', weight: 0, measured: 12_000, limit: 10_000, depth: NaN },
        ]),
        leaves: [{ index: 0, bytes: Uint8Array.of(0xab, 0x0c) }],
      },
      { alerts: [{ id: 'feedHalted:BTC/USD' }], digest: Uint8Array.of(1), signature: Uint8Array.of(0xff) },
    );
    const at = '"at":1700000000000,"cut":170000000000';
    const zeros = `0x${'00'.repeat(32)}`;
    expect(lines).toStrictEqual([
      `{${at},"feed":"BTC/USD","verdicts":[{"source":"kraken:BTC/USD","verdict":"used","weight":1,"measured":65000.1,"depth":12500},` +
        '{"source":"okx:BTC-USDT","verdict":"staleReceived","weight":0,"measured":12000,"limit":10000}]}',
      `{${at},"feed":"DOGE/USD","verdicts":[{"source":"binance:DOGEUSDT","verdict":"silent","weight":0}]}`,
      `{${at},"feed":"BTC/USD","risk":{"observations":12,"stable":"64900.00",` +
        '"twapCoverageBps":{"1m":10000,"5m":4000,"30m":600,"1h":300}}}',
      `{${at},"feed":"BTC/USD","liquidity":{"costToMove":250000,` +
        '"upstreams":[{"upstream":"kraken","weight":0.75,"depth":12500},{"upstream":"binance","weight":0.25}]}}',
      '{"at":1700000000000,"alert":{"id":"feedHalted:BTC/USD"}}',
      `{${at},"header":{"cut":170000000000,"root":"0x${'00'.repeat(31)}01","riskRoot":"${zeros}",` +
        `"packedRoot":"${zeros}","configHash":"${zeros}","signerEpoch":1,"validUntil":1700000002000},` +
        '"digest":"0x01","signature":"0xff","leaves":[{"index":0,"bytes":"0xab0c"}]}',
    ]);
  });

  test('adds the risk figures where a cut carries them, in the order of feeds, then how feeds move together', () => {
    const versioned = { ...plan, feeds: plan.feeds.map((feed) => ({ ...feed, asset: { symbol: '', version: 1 } })) };
    const risk = plainRisk(cut.number);
    const lines = new ReportLines(versioned, { risk: true }).of({ ...cut, reports: [], risk });
    const at = '"at":1700000000000,"cut":170000000000';
    const asOf = '"asOf":"170000000000","modelVersion":1';
    const [known, unknown, together] = lines;
    const level = '"valueAtRiskPpm":1954,"expectedShortfallPpm":2930';
    expect(known).toContain(`{${at},"feed":"BTC/USD","margin":{${asOf},"flags":[],"horizons":{"1m":{`);
    expect(known).toContain(`"1m":{"observations":2000,"sigmaPpm":977,"fall":{"0.95":{${level}}`);
    const nothing = ['1m', '5m', '1h', '1d', '10d'].map((horizon) => `"${horizon}":{"observations":0}`).join(',');
    expect(unknown).toBe(
      `{${at},"feed":"DOGE/USD","margin":{${asOf},"flags":["degraded","tooLittleHistory"],` +
        `"horizons":{${nothing}},"weightsBps":[]}}`,
    );
    expect(together).toBe(
      `{${at},"dependence":{"feeds":["BTC/USD","DOGE/USD"],${asOf},"observations":4032,` +
        '"correlation":[[0.75]],"stress":[[-0.5]]}}',
    );
  });

  test('gives the same bytes for the same figures, however their objects were built', () => {
    fc.assert(
      fc.property(arbitraryReport, (any) => {
        const reversed = Object.fromEntries(Object.entries(any).reverse()) as unknown as Report;
        const written = (of: Report): string[] => new ReportLines(plan).of({ ...cut, reports: [of] });
        expect(written(reversed)).toStrictEqual(written(any));
      }),
    );
  });

  test('refuses a cut of another plan', () => {
    const foreign = { ...cut, reports: [{ ...report, feed: 2 }] };
    expect(() => new ReportLines(plan).of(foreign)).toThrow('the plan has no feed 2');
  });
});
