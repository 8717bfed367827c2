import { dialectNamed, dialectNames } from './registry';

describe('registry', () => {
  it('gives every dialect by its own name', () => {
    expect(dialectNames).toEqual(['binance', 'bitstamp', 'bybit', 'coinbase', 'deribit', 'generic', 'kraken', 'okx']);
    expect(dialectNames.map((name) => dialectNamed(name).name)).toEqual(dialectNames);
  });

  it('names those that there are when asked for another', () => {
    expect(() => dialectNamed('mtgox')).toThrow('no dialect is named mtgox; there are binance, bitstamp');
  });
});
