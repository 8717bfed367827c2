import { distort, FAULTS, noiseFrame, parseFault, type FaultName } from './faults';

describe(parseFault.name, () => {
  test.each([
    ['binance:silence', { venue: 'binance', fault: 'silence' }],
    ['okx:lie=350', { venue: 'okx', fault: 'lie', amount: 350 }],
    ['kraken:skew=-60000', { venue: 'kraken', fault: 'skew', amount: -60_000 }],
  ])('reads %s', (text, order) => {
    expect(parseFault(text)).toEqual(order);
  });

  test.each([
    ['', 'it is empty'],
    ['binance', 'it names no fault'],
    ['mexc:silence', 'the exchange is not played'],
    ['binance:sulk', 'the fault is unknown'],
    ['binance:toString', 'the fault is a word of the language'],
  ])('refuses %j because %s, and lists every name', (text) => {
    const names = Object.keys(FAULTS).join('[^]*');
    expect(() => parseFault(text)).toThrow(new RegExp(`names no fault[^]*binance, bitstamp[^]*${names}`));
  });

  test.each([
    ['binance:lie=', /from -9999 to 1000000, not ''/],
    ['binance:lie=much', /not 'much'/],
    ['binance:lie=-10000', /from -9999/],
    ['binance:flood=1e9', /flood takes a number from 1 to 1000, not '1e9'/],
    ['binance:kill=2', /kill takes no number/],
  ])('refuses the amount of %s and tells the limits', (text, message) => {
    expect(() => parseFault(text)).toThrow(message);
  });
});

describe(distort.name, () => {
  const quote = { bid: 100, ask: 101, bidSize: 1, askSize: 2, last: 100, traded: false, eventAt: 5_000 };
  const of = (...faults: readonly [FaultName, number][]) => distort(quote, new Map(faults));

  test('leaves a quote as it is without faults, and under those that concern the line', () => {
    expect(of(['silence', 0], ['gap', 4])).toEqual(quote);
  });

  test('lies by basis points, upwards or downwards', () => {
    expect(of(['lie', 200])).toMatchObject({ bid: 102, ask: 103.02, last: 102 });
    expect(of(['lie', -5_000])).toMatchObject({ bid: 50, ask: 50.5, last: 50 });
  });

  test('crosses, zeroes and skews', () => {
    const crossed = of(['crossed', 0]);
    expect(crossed.bid).toBeGreaterThan(crossed.ask);
    expect(of(['zero', 0])).toMatchObject({ bid: 0, ask: 0, last: 0 });
    expect(of(['skew', 3_600_000]).eventAt).toBe(3_605_000);
  });

  test('composes: it may lie with a wrong clock', () => {
    expect(of(['lie', 200], ['skew', 1_000])).toMatchObject({ bid: 102, eventAt: 6_000 });
  });
});

describe(noiseFrame.name, () => {
  test('holds text and bytes, and starts over', () => {
    const frames = Array.from({ length: 12 }, (_, index) => noiseFrame(index));
    expect(new Set(frames).size).toBe(12);
    expect(frames.some(Buffer.isBuffer)).toBe(true);
    expect(noiseFrame(12)).toBe(frames[0]);
  });
});
