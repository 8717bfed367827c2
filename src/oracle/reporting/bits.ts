/** The set as bits: bit i stands for `all[i]`. */
export function toBits<Name extends string>(names: readonly Name[], all: readonly Name[]): number {
  let bits = 0;
  for (const name of names) bits |= 1 << all.indexOf(name);
  return bits >>> 0;
}

/** The names behind the bits, in the order of `all`; undefined if a bit stands for none of them. */
export function fromBits<Name extends string>(bits: number, all: readonly Name[]): Name[] | undefined {
  const names = all.filter((_, bit) => ((bits >>> bit) & 1) === 1);
  return toBits(names, all) === bits ? names : undefined;
}
