import fc from 'fast-check';
import { microPrice } from './micro-price';

describe('microPrice', () => {
  it.each([
    ['leans to the ask where more is bid: the next trade is likelier there', 3, 1, 101.5],
    ['leans to the bid where more is offered', 1, 3, 100.5],
    ['is the ask itself where nothing is offered', 1, 0, 102],
    ['is the middle of equal sizes', 7, 7, 101],
    ['is the middle without a bid size', undefined, 3, 101],
    ['is the middle without an ask size', 3, undefined, 101],
    ['is the middle of an empty book', 0, 0, 101],
    ['is the middle where a size is negative', -1, 3, 101],
    ['is the middle where a size is not a number', NaN, 3, 101],
    ['is the middle where a size is infinite', Infinity, 3, 101],
    ['is the middle where the sizes together overflow', 1e308, 1e308, 101],
  ])('%s', (_reason, bidSize, askSize, price) => {
    expect(microPrice(100, 102, bidSize, askSize)).toBe(price);
  });

  it('never leaves bid..ask', () => {
    const book = fc.record({
      bid: fc.double({ min: 1e-12, max: 1e12, noNaN: true }),
      spread: fc.double({ min: 0, max: 0.5, noNaN: true }),
      bidSize: fc.double({ min: 0, max: 1e15, noNaN: true }),
      askSize: fc.double({ min: 0, max: 1e15, noNaN: true }),
    });
    fc.assert(
      fc.property(book, ({ bid, spread, bidSize, askSize }) => {
        const ask = bid * (1 + spread);
        const price = microPrice(bid, ask, bidSize, askSize);
        expect(price).toBeGreaterThanOrEqual(bid);
        expect(price).toBeLessThanOrEqual(ask);
      }),
    );
  });
});
