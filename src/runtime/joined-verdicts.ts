import type { VerdictColumns } from '../oracle/verdict';

type Column = VerdictColumns[keyof VerdictColumns];

/** The columns end to end; of a source's rows the last is the newest. */
export function joinedVerdicts(parts: readonly VerdictColumns[]): VerdictColumns {
  const [first, ...rest] = parts;
  if (first === undefined) return NO_VERDICTS;
  if (rest.length === 0) return first;
  const columns = Object.keys(first) as (keyof VerdictColumns)[];
  return Object.fromEntries(
    columns.map((column) => [column, joinedColumn(parts.map((part) => part[column]))]),
  ) as unknown as VerdictColumns;
}

function joinedColumn(parts: readonly Column[]): Column {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const whole = new ((parts[0] as Column).constructor as new (length: number) => Column)(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const NO_VERDICTS: VerdictColumns = {
  source: new Uint32Array(0),
  code: new Uint8Array(0),
  weight: new Float64Array(0),
  measured: new Float64Array(0),
  limit: new Float64Array(0),
  depth: new Float32Array(0),
};
