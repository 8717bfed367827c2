import { multiplierByName, spell } from './instrument';

describe(spell.name, () => {
  test.each([
    ['{BASE}{QUOTE}', 'BTCUSDT'],
    ['{BASE}-{QUOTE}', 'BTC-USDT'],
    ['{BASE}/{QUOTE}', 'BTC/USDT'],
    ['{QUOTE}-{BASE}', 'USDT-BTC'],
    ['{base}{quote}', 'btcusdt'],
  ])('%s', (symbols, expected) => {
    expect(spell(symbols, 'BTC', 'USDT')).toBe(expected);
  });
});

describe(multiplierByName.name, () => {
  test.each<[instrument: string, multiplier: number | undefined]>([
    ['PEPEUSDT', 1],
    ['1000PEPEUSDT', 1_000],
    ['10000PEPEUSDT', 10_000],
    ['1000000PEPEUSDT', 1_000_000],
    ['1MPEPEUSDT', 1_000_000],
    ['100PEPEUSDT', undefined],
    ['PEPEUSDC', undefined],
    ['PEPE-USDT', undefined],
    ['pepeusdt', undefined],
    ['PEPE2USDT', undefined],
  ])('%s is %s PEPE', (instrument, multiplier) => {
    expect(multiplierByName('{BASE}{QUOTE}', 'PEPE', 'USDT', instrument)).toBe(multiplier);
  });

  test('takes an asset whose own name begins with a digit for one', () => {
    expect(multiplierByName('{BASE}-{QUOTE}', '1INCH', 'USD', '1INCH-USD')).toBe(1);
  });
});
