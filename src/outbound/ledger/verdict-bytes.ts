import type { VerdictColumns } from '../../oracle/verdict';

const FLOAT_BYTES = 8;
/** Three float64 columns, a uint32, a float32 and a uint8. */
const ROW_BYTES = 3 * FLOAT_BYTES + 4 + 4 + 1;

/** The columns end to end, widest first so that each is aligned, in the machine's byte order. */
export function packVerdicts({ source, code, weight, measured, limit, depth }: VerdictColumns): Uint8Array {
  const rows = source.length;
  const packed = new Uint8Array(rows * ROW_BYTES);
  const { buffer } = packed;
  new Float64Array(buffer, 0, rows).set(weight);
  new Float64Array(buffer, rows * FLOAT_BYTES, rows).set(measured);
  new Float64Array(buffer, 2 * rows * FLOAT_BYTES, rows).set(limit);
  new Uint32Array(buffer, 3 * rows * FLOAT_BYTES, rows).set(source);
  new Float32Array(buffer, 3 * rows * FLOAT_BYTES + 4 * rows, rows).set(depth);
  packed.set(code, rows * (ROW_BYTES - 1));
  return packed;
}

/** The columns over a copy of the bytes. */
export function unpackVerdicts(packed: Uint8Array): VerdictColumns {
  const rows = packed.length / ROW_BYTES;
  const { buffer } = new Uint8Array(packed);
  return {
    weight: new Float64Array(buffer, 0, rows),
    measured: new Float64Array(buffer, rows * FLOAT_BYTES, rows),
    limit: new Float64Array(buffer, 2 * rows * FLOAT_BYTES, rows),
    source: new Uint32Array(buffer, 3 * rows * FLOAT_BYTES, rows),
    depth: new Float32Array(buffer, 3 * rows * FLOAT_BYTES + 4 * rows, rows),
    code: new Uint8Array(buffer, rows * (ROW_BYTES - 1), rows),
  };
}
