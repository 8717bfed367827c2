import { DAY_MS } from '../../oracle/units/time';
import { GasBook } from './gas-book';

const NOON = 20_000 * DAY_MS + DAY_MS / 2;

describe(GasBook.name, () => {
  test('counts a day’s gas, and begins anew with the next', () => {
    const book = new GasBook(100);
    book.spend(60, NOON);
    book.spend(30, NOON + 1);
    expect([book.usedOn(NOON + 2), book.left(NOON + 2)]).toEqual([90, 10]);
    expect([book.usedOn(NOON + DAY_MS), book.left(NOON + DAY_MS)]).toEqual([0, 100]);
  });

  test('leaves nothing, not less, where a push used more than there was', () => {
    const book = new GasBook(100);
    book.spend(120, NOON);
    expect(book.left(NOON)).toBe(0);
  });

  test('goes on after a restart', () => {
    const book = new GasBook(100);
    book.spend(60, NOON);
    expect(new GasBook(100, book.state()).left(NOON + 1)).toBe(40);
  });
});
