/** Cuts a list into runs of at most `size`, for exchanges that limit the arguments of one message. */
export function batches<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const runs: T[][] = [];
  for (let from = 0; from < items.length; from += size) runs.push(items.slice(from, from + size));
  return runs;
}
