import { ASSETS, modelsFor } from './assets';

describe(modelsFor.name, () => {
  test('takes what a wrapped asset follows along', () => {
    expect([...modelsFor(['WBTC', 'USD']).keys()].sort()).toEqual(['BTC', 'WBTC']);
  });

  test('refuses unknown assets, all by name', () => {
    expect(() => modelsFor(['BTC', 'NOPE', 'ZZZ'])).toThrow(/no model of NOPE, ZZZ; .*AAVE/);
  });

  test('takes an asset that is given whole, and changes figures of one it knows', () => {
    const btc = ASSETS.get('BTC');
    const models = modelsFor(['NEW', 'BTC'], { NEW: { ...btc, startPrice: 5 }, BTC: { startPrice: 50_000 } });
    expect(models.get('NEW')).toEqual({ ...btc, startPrice: 5 });
    expect(models.get('BTC')).toEqual({ ...btc, startPrice: 50_000 });
  });

  test('refuses a wrapped asset that follows nothing', () => {
    const { startPrice, volatility, jumpBps, jumpEveryMs } = ASSETS.get('WBTC')!;
    const loose = { kind: 'wrapped', startPrice, volatility, jumpBps, jumpEveryMs } as const;
    expect(() => modelsFor(['WETH'], { WETH: loose })).toThrow(/no model of WETH/);
  });
});
