import fc from 'fast-check';
import { PositiveRows } from './positive-rows';

const FLOOR = 0.001;

/** Any correlations at all, row after row: hardly ever consistent. */
const anyRows = fc
  .integer({ min: 1, max: 12 })
  .chain((size) =>
    fc.tuple(
      ...Array.from({ length: size }, (_, row) =>
        fc.array(fc.double({ min: -0.999, max: 0.999, noNaN: true }), { minLength: row, maxLength: row }),
      ),
    ),
  );

function made(rows: readonly (readonly number[])[]): number[][] {
  const positive = new PositiveRows(rows.length, FLOOR);
  const results = rows.map((row) => {
    const values = Float64Array.from(row);
    positive.add(values);
    return values;
  });
  return rows.map((_, i) => rows.map((__, j) => (i === j ? 1 : results[Math.max(i, j)]![Math.min(i, j)]!)));
}

/** By elimination without a root, another way than the code under test takes: the pivots are positive where the matrix is. */
function leastPivot(matrix: readonly (readonly number[])[], shift: number): number {
  const rows = matrix.map((row, i) => row.map((value, j) => (i === j ? value - shift : value)));
  return Math.min(
    ...rows.map((row, i) => {
      const pivot = row[i]!;
      for (let below = i + 1; below < rows.length; below++) {
        const factor = rows[below]![i]! / pivot;
        for (let j = i; j < rows.length; j++) rows[below]![j] = rows[below]![j]! - factor * row[j]!;
      }
      return pivot;
    }),
  );
}

/** U·Uᵀ of unit rows: consistent correlations. */
function consistent(size: number, factors: readonly number[]): number[][] {
  const units = Array.from({ length: size }, (_, i) => {
    const loading = factors[i % factors.length]!;
    return { loading, own: Math.sqrt(1 - loading * loading) };
  });
  return units.map(({ loading }, i) => units.slice(0, i).map((other) => loading * other.loading));
}

describe('PositiveRows', () => {
  it('leaves no eigenvalue below the floor and no correlation beyond one less it, whatever the rows say', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const matrix = made(rows);
        expect(leastPivot(matrix, 0.99 * FLOOR)).toBeGreaterThan(0);
        expect(Math.max(0, ...matrix.flatMap((row, i) => row.slice(0, i).map(Math.abs)))).toBeLessThanOrEqual(
          1 - FLOOR,
        );
      }),
      { numRuns: 500 },
    );
  });

  it('changes nothing of rows that are consistent', () => {
    const loading = fc.double({ min: -0.95, max: 0.95, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.array(loading, { minLength: 1, maxLength: 10 }),
        (size, factors) => {
          const rows = consistent(size, factors);
          expect(made(rows).map((row, i) => row.slice(0, i))).toEqual(rows);
        },
      ),
    );
  });

  it('believes what came first, and lets a row give way where the feeds before hardly differ', () => {
    const matrix = made([[], [0.99], [0.9, 0.7]]);
    expect(matrix[1]![0]).toBe(0.99);
    expect(matrix[2]![0]).toBeCloseTo(0.86, 1);
    expect(matrix[2]![1]).toBeCloseTo(0.78, 1);
  });
});
