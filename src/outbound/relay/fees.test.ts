import fc from 'fast-check';
import { feesFor, feesToReplace } from './fees';

const GWEI = 1_000_000_000n;
const market = { baseFeePerGas: 20n * GWEI, tipPerGas: 2n * GWEI };

describe(feesFor.name, () => {
  test.each([
    ['room for the base fee to double', 100n, { maxFeePerGas: 42n * GWEI, maxPriorityFeePerGas: 2n * GWEI }],
    ['no more than the cap', 30n, { maxFeePerGas: 30n * GWEI, maxPriorityFeePerGas: 2n * GWEI }],
    ['nothing where the cap does not pay for the next block', 21n, undefined],
  ])('leaves %s', (_, cap, fees) => {
    expect(feesFor(market, cap * GWEI)).toEqual(fees);
  });
});

describe(feesToReplace.name, () => {
  const earlier = { maxFeePerGas: 42n * GWEI, maxPriorityFeePerGas: 2n * GWEI };

  test('takes what the market asks by now, where that is more', () => {
    const dearer = { baseFeePerGas: 40n * GWEI, tipPerGas: 5n * GWEI };
    expect(feesToReplace(earlier, dearer, 100n * GWEI)).toEqual({
      maxFeePerGas: 85n * GWEI,
      maxPriorityFeePerGas: 5n * GWEI,
    });
  });

  test('gives up where an eighth more is above the cap', () => {
    expect(feesToReplace(earlier, market, 47n * GWEI)).toBeUndefined();
  });

  test('raises both by an eighth at least, whatever they were', () => {
    const fee = fc.bigInt({ min: 0n, max: 10n ** 15n });
    fc.assert(
      fc.property(fee, fee, fee, fee, (maxFeePerGas, maxPriorityFeePerGas, baseFeePerGas, tipPerGas) => {
        fc.pre(maxPriorityFeePerGas <= maxFeePerGas);
        const before = { maxFeePerGas, maxPriorityFeePerGas };
        const after = feesToReplace(before, { baseFeePerGas, tipPerGas }, 10n ** 18n);
        expect(8n * after!.maxFeePerGas).toBeGreaterThanOrEqual(9n * maxFeePerGas);
        expect(8n * after!.maxPriorityFeePerGas).toBeGreaterThanOrEqual(9n * maxPriorityFeePerGas);
        expect(after!.maxFeePerGas).toBeGreaterThanOrEqual(after!.maxPriorityFeePerGas);
      }),
    );
  });
});
