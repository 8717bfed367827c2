import { HOUR_MS, MINUTE_MS, SECOND_MS, TICK_MS, YEAR_MS } from '../../oracle/units/time';
import { modelsFor } from './assets';
import { COMMON_CORRELATION, HISTORY_MS, Truth } from './truth';

const START = 1_780_000_000_123;
/** Truth's own grid: whole seconds. */
const LIVE = Math.floor(START / SECOND_MS) * SECOND_MS;

function open(assets: readonly string[], seed = 1): Truth {
  return new Truth(seed, START, modelsFor(assets));
}

/** Logarithmic returns of one asset, one for each 10 ms of this long. */
function returns(truth: Truth, asset: string, ms: number): number[] {
  const logs: number[] = [];
  for (let at = LIVE; at <= LIVE + ms; at += TICK_MS) logs.push(Math.log(truth.priceAt(asset, at)));
  return logs.slice(1).map((log, index) => log - logs[index]!);
}

describe(Truth.name, () => {
  const minutes = 10;
  const crypto = ['BTC', 'ETH', 'SOL', 'XRP', 'DOGE', 'ADA'];
  /** Far beyond diffusion (0.14 bp in 10 ms), far below a jump of 50 bp. */
  const isJump = (change: number) => Math.abs(change) > 0.002;
  const all = ((truth) => crypto.map((asset) => returns(truth, asset, minutes * MINUTE_MS)))(open(crypto));
  const variance = (changes: readonly number[]) => changes.reduce((sum, x) => sum + x * x, 0) / changes.length;

  test('diffuses at 80 % a year: within four standard errors for each asset', () => {
    for (const changes of all) {
      const calm = changes.filter((change) => !isJump(change));
      const annual = Math.sqrt((variance(calm) * YEAR_MS) / TICK_MS);
      expect(Math.abs(annual / 0.8 - 1)).toBeLessThan(4 / Math.sqrt(2 * calm.length));
    }
  });

  test('correlates any two crypto assets by 0.6', () => {
    for (let one = 0; one < all.length; one++) {
      for (let other = one + 1; other < all.length; other++) {
        const pairs = all[one]!.map((x, index) => [x, all[other]![index]!] as const);
        const calm = pairs.filter(([x, y]) => !isJump(x) && !isJump(y));
        const covariance = calm.reduce((sum, [x, y]) => sum + x * y, 0) / calm.length;
        const correlation = covariance / Math.sqrt(variance(calm.map(([x]) => x)) * variance(calm.map(([, y]) => y)));
        expect(Math.abs(correlation - COMMON_CORRELATION)).toBeLessThan(0.015);
      }
    }
  });

  test('jumps by 50 bp, up or down, once a minute for each asset on average', () => {
    const jumps = all.flat().filter(isJump);
    const expected = crypto.length * minutes;
    expect(Math.abs(jumps.length - expected)).toBeLessThan(4 * Math.sqrt(expected));
    for (const jump of jumps) expect(Math.abs(Math.abs(jump) - 0.005)).toBeLessThan(0.0001);
    expect(jumps.some((jump) => jump > 0) && jumps.some((jump) => jump < 0)).toBe(true);
  });

  test('jumps in its history too', () => {
    const truth = open(['BTC']);
    let jumps = 0;
    for (let at = truth.since + SECOND_MS; at <= LIVE; at += SECOND_MS) {
      if (Math.abs(truth.priceAt('BTC', at) / truth.priceAt('BTC', at - SECOND_MS) - 1) > 0.003) jumps += 1;
    }
    const expected = HISTORY_MS / MINUTE_MS;
    expect(Math.abs(jumps - expected)).toBeLessThan(4 * Math.sqrt(expected));
  });

  test('is the same by its seed, whoever asks when, and whatever else is simulated', () => {
    const at = LIVE + 3 * MINUTE_MS;
    const eager = open(['BTC']);
    for (let asked = LIVE; asked < at; asked += 370) eager.priceAt('BTC', asked);
    const lazy = open([...crypto, 'EUR', 'WBTC']);
    expect(lazy.priceAt('BTC', at)).toBe(eager.priceAt('BTC', at));
    expect(open(['BTC'], 2).priceAt('BTC', at)).not.toBe(eager.priceAt('BTC', at));
  });

  test('keeps pegs near their value, wrapped assets near what they follow, and ratios exact', () => {
    const truth = open(['USDT', 'WBTC', 'ETH', 'EUR']);
    for (let at = truth.since; at < LIVE + 5 * MINUTE_MS; at += 7 * SECOND_MS) {
      expect(Math.abs(truth.priceAt('USDT', at) / 1.0003 - 1)).toBeLessThan(0.003);
      expect(Math.abs(truth.truthOf('WBTC', 'BTC', at) - 1)).toBeLessThan(0.0006);
      expect(truth.truthOf('ETH', 'BTC', at)).toBe(truth.priceAt('ETH', at) / truth.priceAt('BTC', at));
      expect(truth.truthOf('EUR', 'USD', at)).toBe(truth.priceAt('EUR', at));
    }
  });

  test('holds the last grid point between two', () => {
    const truth = open(['BTC']);
    expect(truth.priceAt('BTC', LIVE + 9.9)).toBe(truth.priceAt('BTC', LIVE));
    expect(truth.priceAt('BTC', LIVE + 10)).not.toBe(truth.priceAt('BTC', LIVE));
  });

  test('remembers 10 ms steps for ten minutes and 1 s steps for seventy', () => {
    const truth = open(['BTC']);
    const fineAt = LIVE + 10 * MINUTE_MS + 10;
    const coarseAt = LIVE - 50 * MINUTE_MS;
    const [fine, coarse] = [truth.priceAt('BTC', fineAt), truth.priceAt('BTC', coarseAt)];
    truth.priceAt('BTC', LIVE + 20 * MINUTE_MS);
    expect(truth.priceAt('BTC', fineAt)).toBe(fine);
    expect(truth.priceAt('BTC', coarseAt)).toBe(coarse);
    expect(truth.priceAt('BTC', LIVE + 1_990)).toBe(truth.priceAt('BTC', LIVE + 1_000));
  });

  describe('told to move', () => {
    const still = { volatility: 0, jumpBps: 0 };
    const openStill = (...assets: string[]) =>
      new Truth(1, START, modelsFor(assets, Object.fromEntries(assets.map((asset) => [asset, still]))));

    test('a price goes evenly, stays, and takes along what follows it and nothing else', () => {
      const truth = openStill('BTC', 'WBTC', 'ETH');
      truth.move({ asset: 'BTC', bps: -1_900, overMs: 4_000 }, LIVE);
      expect(truth.priceAt('BTC', LIVE + 2_000)).toBeCloseTo(0.9 * 97_000, 6);
      for (const at of [LIVE + 4_000, LIVE + MINUTE_MS]) {
        for (const asset of ['BTC', 'WBTC']) expect(truth.priceAt(asset, at)).toBeCloseTo(0.81 * 97_000, 6);
        expect(truth.priceAt('ETH', at)).toBe(3_400);
      }
    });

    test('a peg does not come back from it', () => {
      const truth = openStill('USDT');
      truth.move({ asset: 'USDT', bps: -500, overMs: 0 }, LIVE);
      expect(truth.priceAt('USDT', LIVE + 30 * MINUTE_MS)).toBeCloseTo(0.95 * 1.0003, 9);
    });

    test('moves add up, and one begins no earlier than what somebody has seen', () => {
      const truth = openStill('BTC');
      const seen = truth.priceAt('BTC', LIVE + SECOND_MS);
      for (const bps of [1_000, -1_000]) truth.move({ asset: 'BTC', bps, overMs: 1_000 }, LIVE);
      expect(truth.priceAt('BTC', LIVE + SECOND_MS)).toBe(seen);
      expect(truth.priceAt('BTC', LIVE + 2 * SECOND_MS)).toBeCloseTo(1.1 * 0.9 * 97_000, 6);
    });

    test.each([
      [{ asset: 'ETH', bps: 1, overMs: 0 }, /no truth for ETH; this market simulates BTC and USD/],
      [{ asset: 'BTC', bps: -10_000, overMs: 0 }, /-10000 bps: it is above -10000/],
      [{ asset: 'BTC', bps: NaN, overMs: 0 }, /NaN bps/],
      [{ asset: 'BTC', bps: 1, overMs: -1 }, /over -1 ms: it takes 0 ms or more/],
    ])('refuses %j', (move, fault) => {
      expect(() => openStill('BTC').move(move, LIVE)).toThrow(fault);
    });
  });

  test('refuses what it cannot know', () => {
    const truth = open(['BTC']);
    expect(() => truth.priceAt('ETH', LIVE)).toThrow(/no truth for ETH; this market simulates BTC and USD/);
    expect(() => truth.priceAt('BTC', truth.since - 1)).toThrow(/it is kept from/);
    expect(() => truth.priceAt('BTC', NaN)).toThrow(/no truth at NaN/);
    expect(() => truth.priceAt('BTC', LIVE + 25 * HOUR_MS)).toThrow(/ahead of the simulation/);
  });
});
