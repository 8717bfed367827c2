/** 2⁻³²: turns a 32-bit integer into a fraction of one. */
const UNIT = 2.3283064365386963e-10;

/** A good 32-bit mixer (the finaliser of MurmurHash3, https://github.com/aappleby/smhasher): each input bit moves each output bit. */
export function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A 32-bit seed for one named stream of randomness, so that adding a stream never changes another. */
export function seedFor(seed: number, name: string): number {
  let h = mix(seed ^ 0x9e3779b9);
  for (let index = 0; index < name.length; index++) h = mix(Math.imul(h, 31) + name.charCodeAt(index));
  return h;
}

/** A draw in (0, 1) that belongs to a place: the same seed and place always give the same. */
export function uniformAt(seed: number, place: number): number {
  return (mix(mix(seed + Math.imul(place | 0, 0x9e3779b1)) ^ Math.floor(place * UNIT)) + 0.5) * UNIT;
}

/** A standard normal draw that belongs to a place (Box–Muller). */
export function normalAt(seed: number, place: number): number {
  const radius = Math.sqrt(-2 * Math.log(uniformAt(seed, place)));
  return radius * Math.cos(2 * Math.PI * uniformAt(seed ^ 0x5bd1e995, place));
}

/** A sequence of draws: xoshiro128** (Blackman and Vigna, https://prng.di.unimi.it/xoshiro128starstar.c). */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private d: number;
  private spare: number | undefined;

  constructor(seed: number) {
    this.a = mix(seed + 1);
    this.b = mix(seed + 2);
    this.c = mix(seed + 3);
    this.d = mix(seed + 4) | 1;
  }

  /** Any 32 bits, as an unsigned integer. */
  bits(): number {
    const five = Math.imul(this.b, 5);
    const result = Math.imul((five << 7) | (five >>> 25), 9) >>> 0;
    const shifted = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= shifted;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result;
  }

  /** In (0, 1), never either end. */
  uniform(): number {
    return (this.bits() + 0.5) * UNIT;
  }

  /** Standard normal. */
  normal(): number {
    if (this.spare !== undefined) {
      const spare = this.spare;
      this.spare = undefined;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** The wait for the next event of a Poisson process, in units of `mean`. */
  exponential(mean: number): number {
    return -mean * Math.log(this.uniform());
  }
}
