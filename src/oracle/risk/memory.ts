/** Whoever gives arrays of zeros that will be remembered. */
export interface Taker {
  take(length: number): Float64Array;
}

/**
 * The numbers that a set of estimators remembers. Each takes its arrays when it is built and keeps everything there, so
 * the whole state is one array of floats, the same for the same sequence of takers.
 */
export class Memory implements Taker {
  private readonly parts: Float64Array[] = [];
  private readonly spare: Float64Array[] = [];

  take(length: number): Float64Array {
    const part = new Float64Array(length);
    this.parts.push(part);
    return part;
  }

  /** Of estimators that not every feed has: it is saved only once anything but zeros stands there, behind the rest. */
  readonly optional: Taker = {
    take: (length) => {
      const part = new Float64Array(length);
      this.spare.push(part);
      return part;
    },
  };

  /** The same bytes for the same state: of the many NaN, one. */
  save(): Float64Array {
    const parts = this.spare.every(isBlank) ? this.parts : [...this.parts, ...this.spare];
    const saved = new Float64Array(lengthOf(parts));
    let offset = 0;
    for (const part of parts) {
      saved.set(part, offset);
      offset += part.length;
    }
    for (let index = 0; index < saved.length; index++) if (Number.isNaN(saved[index])) saved[index] = NaN;
    return saved;
  }

  /** Throws RangeError for a state of other estimators. */
  restore(saved: Float64Array): void {
    const [least, most] = [this.length, this.length + lengthOf(this.spare)];
    if (saved.length !== least && saved.length !== most) {
      throw new RangeError(`a state of ${saved.length} numbers, where these estimators keep ${least}: warm up anew`);
    }
    let offset = 0;
    for (const part of [...this.parts, ...this.spare]) {
      part.fill(0);
      part.set(saved.subarray(offset, offset + part.length));
      offset += part.length;
    }
  }

  /** Without what is optional. */
  get length(): number {
    return lengthOf(this.parts);
  }
}

function lengthOf(parts: readonly Float64Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function isBlank(part: Float64Array): boolean {
  return part.every((figure) => figure === 0);
}
