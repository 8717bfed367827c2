/**
 * The numbers that a set of estimators remembers. Each takes its arrays when it is built and keeps everything there, so
 * the whole state is one array of floats, the same for the same sequence of takers.
 */
export class Memory {
  private readonly parts: Float64Array[] = [];

  take(length: number): Float64Array {
    const part = new Float64Array(length);
    this.parts.push(part);
    return part;
  }

  /** The same bytes for the same state: of the many NaN, one. */
  save(): Float64Array {
    const saved = new Float64Array(this.length);
    let offset = 0;
    for (const part of this.parts) {
      saved.set(part, offset);
      offset += part.length;
    }
    for (let index = 0; index < saved.length; index++) if (Number.isNaN(saved[index])) saved[index] = NaN;
    return saved;
  }

  /** Throws RangeError for a state of other estimators. */
  restore(saved: Float64Array): void {
    if (saved.length !== this.length) {
      throw new RangeError(
        `a state of ${saved.length} numbers, where these estimators keep ${this.length}: warm up anew`,
      );
    }
    let offset = 0;
    for (const part of this.parts) {
      part.set(saved.subarray(offset, offset + part.length));
      offset += part.length;
    }
  }

  get length(): number {
    return this.parts.reduce((sum, part) => sum + part.length, 0);
  }
}
