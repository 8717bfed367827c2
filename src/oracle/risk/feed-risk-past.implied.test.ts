import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { policyOf } from '../../../test/support/plans';
import { Random } from '../../lab/market/random';
import { HOUR_MS, SECOND_MS } from '../units/time';
import { FeedRiskPast, RISK_STEP_MS } from './feed-risk-past';

/** A whole hour. */
const T0 = 472_222 * HOUR_MS;
const MINUTE_SECONDS = 60;
const SECONDS = 3 * 3_600;
const STEP_SECONDS = RISK_STEP_MS / SECOND_MS;

const random = new Random(3);
const prices = Float64Array.from({ length: SECONDS }, () => 100 * Math.exp(0.001 * random.normal()));
const hours = Array.from({ length: 100 }, (_, hour) => {
  const close = 100 + (hour % 7);
  return { open: 100, high: close + 1, low: 99, close };
});

/** A feed that lives on, with what is implied at each step of the grid; NaN where nothing is. */
function live(feed: FeedRiskPast, words: readonly number[], from: number, to: number): void {
  for (let second = from; second < to; second++) {
    if (second % STEP_SECONDS === 0) feed.imply(words[second / STEP_SECONDS] ?? NaN);
    feed.hold(prices[second] ?? NaN, 0.000_5);
    feed.elapse(T0 + second * SECOND_MS);
  }
}

function feedOf(): FeedRiskPast {
  return new FeedRiskPast(7, 8, policyOf().haircut);
}

const words = fc.array(
  fc.oneof({ weight: 3, arbitrary: fc.double({ min: 0.2, max: 2, noNaN: true }) }, fc.constant(NaN)),
  {
    minLength: SECONDS / STEP_SECONDS,
    maxLength: SECONDS / STEP_SECONDS,
  },
);
const second = fc.nat({ max: SECONDS - 1 });

describe('what options imply, folded into the risk of a feed', () => {
  test('survives a restart from a model saved up to an hour before the checkpoint, to the bit', () => {
    fc.assert(
      fc.property(words, second, second, (said, saved, later) => {
        const restartAt = Math.min(SECONDS, saved + (later % (60 * MINUTE_SECONDS)));
        const feed = feedOf();
        feed.warmUp(T0 / HOUR_MS - hours.length, hours);
        live(feed, said, 0, saved);
        const model = feed.saveModel();
        live(feed, said, saved, restartAt);
        const resumed = feedOf();
        resumed.restore({ recent: feed.recent() }, model);
        for (const each of [feed, resumed]) live(each, said, restartAt, SECONDS);
        const [one, other] = [feed, resumed].map((each) => [each.recent(), each.model(), each.figures()]);
        expect(isDeepStrictEqual(one, other)).toBe(true);
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  test('takes no more room than before where nothing was ever implied', () => {
    const [silent, spoken] = [feedOf(), feedOf()];
    for (const each of [silent, spoken]) each.warmUp(T0 / HOUR_MS - hours.length, hours);
    live(silent, [], 0, SECONDS);
    live(spoken, Array<number>(SECONDS / STEP_SECONDS).fill(0.5), 0, SECONDS);
    expect(spoken.recent().length - silent.recent().length).toBe(3);
    expect(spoken.model()!.length - silent.model()!.length).toBe(3 * (24 + 240) + 2 + 2 * 4);
  });
});
