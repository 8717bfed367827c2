/** Largest unsigned integer of each width in bytes that float64 holds exactly. */
const LARGEST = [
  0,
  0xff,
  0xffff,
  0xff_ffff,
  0xffff_ffff,
  0xff_ffff_ffff,
  0xffff_ffff_ffff,
  Number.MAX_SAFE_INTEGER,
  Number.MAX_SAFE_INTEGER,
] as const;

const TWO_TO_32 = 0x1_0000_0000;

/** Writes `value` big-endian over `width` bytes. Throws RangeError for what is no whole number or does not fit. */
export function writeUnsigned(bytes: Uint8Array, offset: number, width: number, value: number): void {
  const largest = LARGEST[width] ?? 0;
  if (!Number.isInteger(value) || value < 0 || value > largest) {
    throw new RangeError(`${value} is not a whole number within 0..${largest}, which is all that ${width} bytes hold`);
  }
  // In two halves, since only numbers of 32 bits can be shifted.
  const low = value >>> 0;
  const high = (value - low) / TWO_TO_32;
  for (let at = offset + width - 1, shift = 0; at >= offset; at -= 1, shift += 8) {
    bytes[at] = shift < 32 ? low >>> shift : high >>> (shift - 32);
  }
}

/** Fields one after the other, big-endian. */
export class ByteWriter {
  private offset = 0;

  constructor(private readonly bytes: Uint8Array) {}

  unsigned(width: number, value: number): this {
    writeUnsigned(this.bytes, this.offset, width, value);
    this.offset += width;
    return this;
  }

  raw(bytes: Uint8Array): this {
    this.bytes.set(bytes, this.offset);
    this.offset += bytes.length;
    return this;
  }
}

/** The mirror of ByteWriter. Reads past the end throw RangeError; callers check the length first. */
export class ByteReader {
  private readonly view: DataView;
  private offset = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Up to six bytes, so that the result is exact. */
  unsigned(width: 1 | 2 | 4 | 5 | 6): number {
    let value = 0;
    for (let read = 0; read < width; read += 1) value = value * 256 + this.view.getUint8(this.offset + read);
    this.offset += width;
    return value;
  }

  signed64(): bigint {
    const value = this.view.getBigInt64(this.offset);
    this.offset += 8;
    return value;
  }

  raw(length: number): Uint8Array {
    const bytes = this.bytes.slice(this.offset, this.offset + length);
    this.offset += length;
    return bytes;
  }
}
