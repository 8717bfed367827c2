import { FeedArrays, pairAt } from './feed-arrays';

function arraysOf(feeds: number) {
  const arrays = new FeedArrays(feeds);
  const [numbers, rows, triangle] = [arrays.numbers(2, 5), arrays.rows(2, NaN), arrays.triangle(-1)];
  return { arrays, numbers, rows, triangle };
}

function filled(feeds: number) {
  const all = arraysOf(feeds);
  all.numbers.set([1, 2]);
  all.rows.forEach((_, index) => (all.rows[index] = 10 * Math.floor(index / feeds) + (index % feeds)));
  for (let row = 0; row < feeds; row++) {
    for (let column = 0; column <= row; column++) all.triangle[pairAt(row, column)] = 100 * row + column;
  }
  return all;
}

describe('FeedArrays', () => {
  it('restores what it saved', () => {
    const saved = filled(3).arrays.save();
    const restored = arraysOf(3);
    restored.arrays.restore(saved, [0, 1, 2], 3);
    expect(restored.arrays.save()).toEqual(saved);
  });

  it('finds each feed and each pair in another list of feeds, and begins what is new', () => {
    const restored = arraysOf(3);
    restored.arrays.restore(filled(3).arrays.save(), [2, -1, 0], 3);
    expect([...restored.numbers]).toEqual([1, 2]);
    expect([...restored.rows]).toEqual([2, NaN, 0, 12, NaN, 10]);
    const { triangle } = restored;
    expect([pairAt(0, 0), pairAt(2, 0), pairAt(2, 2)].map((place) => triangle[place])).toEqual([202, 200, 0]);
    expect([pairAt(1, 0), pairAt(1, 1), pairAt(2, 1)].map((place) => triangle[place])).toEqual([-1, -1, -1]);
  });

  it('refuses what other arrays saved', () => {
    expect(() => {
      arraysOf(3).arrays.restore(filled(4).arrays.save(), [0, 1, 2], 3);
    }).toThrow(new RangeError('a state of 20 numbers, where 3 feeds have 14: warm up anew'));
  });
});
