import { MINUTE_MS } from '../../oracle/units/time';

/** How one asset's price in USD moves. */
export interface AssetModel {
  /** USD for one unit when the simulated history begins. */
  readonly startPrice: number;
  /**
   * `crypto`: geometric Brownian motion that shares one factor with all other crypto. `fiat`: the same, on its own.
   * `pegged`: swings about `startPrice` and comes back. `wrapped`: swings in the same way about the price of `follows`.
   */
  readonly kind: 'crypto' | 'fiat' | 'pegged' | 'wrapped';
  /** Annual, 0.8 is 80 %; for `pegged` and `wrapped` the standard deviation of the swing instead, in basis points. */
  readonly volatility: number;
  /** The size of a jump; its sign is a coin's toss. */
  readonly jumpBps: number;
  /** The mean wait between two jumps. */
  readonly jumpEveryMs: number;
  readonly follows?: string;
}

const CRYPTO_START: Readonly<Record<string, number>> = {
  AAVE: 310,
  ADA: 0.92,
  ALGO: 0.31,
  ATOM: 6.8,
  AVAX: 39,
  BCH: 455,
  BNB: 690,
  BTC: 97_000,
  DOGE: 0.34,
  DOT: 7.2,
  ETC: 27,
  ETH: 3_400,
  FIL: 5.4,
  HBAR: 0.29,
  ICP: 10.6,
  LINK: 23.5,
  LTC: 108,
  NEAR: 5.3,
  PEPE: 0.0000182,
  SHIB: 0.0000221,
  SOL: 192,
  SUI: 4.1,
  TON: 5.5,
  TRX: 0.25,
  UNI: 13.4,
  XLM: 0.41,
  XRP: 2.35,
};

const PEG: Readonly<Record<string, number>> = { DAI: 0.9999, PYUSD: 0.9997, USDC: 0.9999, USDT: 1.0003 };

const WRAPPED: Readonly<Record<string, string>> = { WBTC: 'BTC' };

function movesLike(kind: AssetModel['kind'], startPrice: number): AssetModel {
  switch (kind) {
    case 'crypto':
      return { kind, startPrice, volatility: 0.8, jumpBps: 50, jumpEveryMs: MINUTE_MS };
    case 'fiat':
      return { kind, startPrice, volatility: 0.08, jumpBps: 5, jumpEveryMs: MINUTE_MS };
    case 'pegged':
      return { kind, startPrice, volatility: 2, jumpBps: 2, jumpEveryMs: MINUTE_MS };
    case 'wrapped':
      return { kind, startPrice, volatility: 1, jumpBps: 0, jumpEveryMs: MINUTE_MS };
  }
}

/** Every asset that the market knows without being told; USD is the unit and needs no model. */
export const ASSETS: ReadonlyMap<string, AssetModel> = new Map([
  ...Object.entries(CRYPTO_START).map(([asset, price]) => [asset, movesLike('crypto', price)] as const),
  ...Object.entries(PEG).map(([asset, price]) => [asset, movesLike('pegged', price)] as const),
  ...Object.entries(WRAPPED).map(([asset, follows]) => [asset, { ...movesLike('wrapped', 1), follows }] as const),
  ['EUR', movesLike('fiat', 1.085)],
]);

/** Changes some figures of an asset's model; an asset without a model of its own must be given all of them. */
export type AssetOverrides = Readonly<Record<string, Partial<AssetModel>>>;

/**
 * The models of the assets that are needed, those they follow included.
 * @throws RangeError naming every asset that has no model
 */
export function modelsFor(needed: Iterable<string>, overrides: AssetOverrides = {}): Map<string, AssetModel> {
  const models = new Map<string, AssetModel>();
  const unknown = new Set<string>();
  const waiting = [...needed];
  for (let asset = waiting.pop(); asset !== undefined; asset = waiting.pop()) {
    if (asset === 'USD' || models.has(asset)) continue;
    const model = { ...ASSETS.get(asset), ...overrides[asset] };
    if (isComplete(model)) {
      models.set(asset, model);
      if (model.follows !== undefined) waiting.push(model.follows);
    } else unknown.add(asset);
  }
  if (unknown.size > 0) {
    throw new RangeError(
      `the simulated market has no model of ${[...unknown].sort().join(', ')}; give one whole in \`assets\`, ` +
        `or use one of ${[...ASSETS.keys()].sort().join(', ')}`,
    );
  }
  return models;
}

function isComplete(model: Partial<AssetModel>): model is AssetModel {
  return (
    model.startPrice !== undefined &&
    model.kind !== undefined &&
    model.volatility !== undefined &&
    model.jumpBps !== undefined &&
    model.jumpEveryMs !== undefined &&
    (model.kind !== 'wrapped' || model.follows !== undefined)
  );
}
