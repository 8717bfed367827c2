import fc from 'fast-check';
import { stateFromJson, stateToJson } from './state-json';

const throughText = (state: unknown): unknown => stateFromJson(JSON.parse(JSON.stringify(stateToJson(state))));

describe('state as JSON', () => {
  it.each([
    ['columns of float64', { priceMs: Float64Array.of(1.5, -0, NaN, Infinity, 5e-324) }],
    ['a part of a larger buffer', new Float64Array(Float64Array.of(1, 2, 3).buffer, 8, 1)],
    ['an empty column', new Float64Array()],
    ['bytes', { root: Uint8Array.of(0, 255, 7) }],
    ['what JSON does not know', { cut: -Infinity, held: NaN, limit: Infinity }],
    ['what JSON knows', { halts: ['BTC/USD'], status: 'ok', fired: null, sequence: 7, warm: true }],
  ])('brings back %s', (_reason, state) => {
    expect(throughText(state)).toEqual(state);
  });

  it('brings back every float64 to the bit', () => {
    fc.assert(
      fc.property(fc.float64Array({ maxLength: 20 }), (column) => {
        const back = throughText(column) as Float64Array;
        expect(Buffer.from(back.buffer).equals(Buffer.from(column.buffer))).toBe(true);
      }),
    );
  });
});
