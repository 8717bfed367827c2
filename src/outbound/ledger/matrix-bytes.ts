import type { Dependence, Risk } from '../../oracle/risk/figures';

/** Risk as MessagePack holds it: matrices as the bytes of their float64, in the machine's byte order. */
export type StoredRisk = Omit<Risk, 'dependence'> & {
  readonly dependence: (Omit<Dependence, Matrix> & Readonly<Record<Matrix, Uint8Array>>) | undefined;
};

type Matrix = 'correlation' | 'stress';

export function packMatrices(risk: Risk): StoredRisk {
  const { dependence } = risk;
  if (dependence === undefined) return { ...risk, dependence };
  const { correlation, stress } = dependence;
  return { ...risk, dependence: { ...dependence, correlation: bytesOf(correlation), stress: bytesOf(stress) } };
}

export function unpackMatrices(risk: StoredRisk): Risk {
  const { dependence } = risk;
  if (dependence === undefined) return { ...risk, dependence };
  const { correlation, stress } = dependence;
  return { ...risk, dependence: { ...dependence, correlation: floatsOf(correlation), stress: floatsOf(stress) } };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Over a copy, which is aligned. */
function floatsOf(bytes: Uint8Array): Float64Array {
  return new Float64Array(Uint8Array.from(bytes).buffer);
}
