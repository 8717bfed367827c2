import type { EpochMs } from '../../oracle/units/time';
import type { Configuration } from '../../platform/config/configuration';
import type { Scenario } from '../attacks/scenario';
import type { Truth } from '../market/truth';
import { makeCandidate } from '../rules/all-rules';
import type { Asset } from './listings';
import type { MarketQuote } from './market-quote';
import { Recorder } from './recorder';
import { SimulatedMarket } from './simulated-market';
import type { Run } from './tape';

/** What accounts hold, besides what is judged; an account holds one to four. */
const PORTFOLIO: readonly Asset[] = ['BTC', 'USDT', 'WBTC', 'THIN'];
const MAX_HOLDINGS = 4;

/** Before a run begins nothing is wrong, so that scenarios of one truth share their past. */
const HISTORIES = new WeakMap<Truth, Map<Asset, readonly MarketQuote[]>>();

export interface RunOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly truth: Truth;
  readonly startAt: EpochMs;
  readonly rules: readonly string[];
  readonly configuration: Configuration;
  /** Only the judged asset, where nobody asks for accounts. */
  readonly isJudgedAlone?: true;
}

/** Lets every rule hear the same arrivals and asks each at the same instants. */
export function runScenario(options: RunOptions): Run {
  const { scenario, seed, truth, startAt, rules, configuration } = options;
  const market = new SimulatedMarket({ scenario, seed, truth, startAt });
  const judged = scenario.judged ?? 'BTC';
  const others = options.isJudgedAlone === true ? [] : PORTFOLIO.filter((asset) => asset !== judged);
  const assets = [judged, ...others.slice(0, MAX_HOLDINGS - 1)] as const;
  const candidates = rules.map((name) => makeCandidate(name, assets, configuration));
  const past = historyOf(market, truth, judged);
  for (const quote of past) for (const candidate of candidates) candidate.remember?.(quote);

  const recorder = new Recorder(market, assets, scenario, startAt, candidates);
  for (const arrival of market.arrivals()) {
    recorder.sampleUntil(arrival.at);
    for (const candidate of candidates) candidate.observe(arrival);
    recorder.note(arrival);
  }
  recorder.sampleUntil(Infinity);
  const { captured, name } = scenario;
  return { scenario: name, seed, captured, tape: recorder.tape, tracks: recorder.tracks };
}

function historyOf(market: SimulatedMarket, truth: Truth, judged: Asset): readonly MarketQuote[] {
  const known = HISTORIES.get(truth) ?? new Map<Asset, readonly MarketQuote[]>();
  const history = known.get(judged) ?? market.history();
  HISTORIES.set(truth, known.set(judged, history));
  return history;
}
