import { normalAt, Random, seedFor, uniformAt } from './random';

const DRAWS = 200_000;

function moments(draw: (index: number) => number): { mean: number; deviation: number; fourth: number } {
  let sum = 0;
  let squares = 0;
  let fourths = 0;
  for (let index = 0; index < DRAWS; index++) {
    const value = draw(index);
    sum += value;
    squares += value * value;
    fourths += value ** 4;
  }
  const mean = sum / DRAWS;
  return { mean, deviation: Math.sqrt(squares / DRAWS - mean * mean), fourth: fourths / DRAWS };
}

describe(Random.name, () => {
  test('repeats itself from the same seed and not from another', () => {
    const draw = (seed: number) => {
      const random = new Random(seed);
      return Array.from({ length: 8 }, () => random.bits());
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  test('draws normals with the moments 0, 1 and 3: within four standard errors', () => {
    const random = new Random(1);
    const { mean, deviation, fourth } = moments(() => random.normal());
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(DRAWS));
    expect(Math.abs(deviation - 1)).toBeLessThan(4 / Math.sqrt(2 * DRAWS));
    expect(Math.abs(fourth - 3)).toBeLessThan(4 * Math.sqrt(96 / DRAWS));
  });

  test('waits exponentially: the mean is as asked and the deviation equal to it', () => {
    const random = new Random(2);
    const { mean, deviation } = moments(() => random.exponential(200));
    expect(mean / 200).toBeCloseTo(1, 1);
    expect(deviation / 200).toBeCloseTo(1, 1);
  });
});

describe(normalAt.name, () => {
  test('belongs to its place: neighbours are independent, also beyond 32 bits', () => {
    const from = 1_780_000_000_000;
    const { mean, deviation } = moments((index) => normalAt(5, from + index));
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(DRAWS));
    expect(Math.abs(deviation - 1)).toBeLessThan(4 / Math.sqrt(2 * DRAWS));
    const { mean: product } = moments((index) => normalAt(5, from + index) * normalAt(5, from + index + 1));
    expect(Math.abs(product)).toBeLessThan(4 / Math.sqrt(DRAWS));
  });

  test('differs between places that share their lower 32 bits', () => {
    expect(uniformAt(5, 17)).not.toBe(uniformAt(5, 17 + 2 ** 32));
  });
});

describe(seedFor.name, () => {
  test('gives each name its own stream', () => {
    const seeds = ['BTC', 'ETH', 'BTC:ETH', 'CTB', ''].map((name) => seedFor(1, name));
    expect(new Set(seeds).size).toBe(seeds.length);
    expect(seedFor(1, 'BTC')).not.toBe(seedFor(2, 'BTC'));
  });
});
