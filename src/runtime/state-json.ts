/**
 * An oracle's state as JSON and back, to the bit: bytes as base64, columns of float64 as base64 of their little-endian bytes,
 * and NaN, which JSON does not know, by its name. Whatever else a state holds is JSON already.
 */
export function stateToJson(state: unknown): unknown {
  if (state instanceof Float64Array) {
    return { float64: Buffer.from(state.buffer, state.byteOffset, state.byteLength).toString('base64') };
  }
  if (state instanceof Uint8Array) return { bytes: Buffer.from(state).toString('base64') };
  if (typeof state === 'number' && !Number.isFinite(state)) return { number: String(state) };
  if (Array.isArray(state)) return state.map(stateToJson);
  if (typeof state === 'object' && state !== null) return mapValues(state, stateToJson);
  return state;
}

/** The reverse of `stateToJson`. */
export function stateFromJson(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(stateFromJson);
  if (typeof json !== 'object' || json === null) return json;
  if ('float64' in json && typeof json.float64 === 'string') {
    const bytes = Buffer.from(json.float64, 'base64');
    return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  }
  if ('bytes' in json && typeof json.bytes === 'string') return new Uint8Array(Buffer.from(json.bytes, 'base64'));
  if ('number' in json && typeof json.number === 'string') return Number(json.number);
  return mapValues(json, stateFromJson);
}

function mapValues(object: object, map: (value: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}
