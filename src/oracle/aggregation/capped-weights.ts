/** No upstream may hold more of the vote than this, unless there are fewer than four. */
const MAX_SHARE = 0.25;

/**
 * Shares of the vote: proportional to `raw`, each at most max(25 %, 1/n), summing to one. What a cap takes from one
 * upstream the others receive in proportion; so a large venue leads, and no single one decides.
 */
export function cappedWeights(raw: readonly number[]): number[] {
  const cap = Math.max(MAX_SHARE, 1 / raw.length);
  const shares = raw.map(() => 0);
  let open = raw.map((_, index) => index);
  let left = 1;
  for (;;) {
    const total = open.reduce((sum, index) => sum + (raw[index] ?? 0), 0);
    const over = open.filter((index) => ((raw[index] ?? 0) / total) * left > cap);
    if (over.length === 0 || over.length === open.length) {
      for (const index of open)
        shares[index] = over.length === 0 ? ((raw[index] ?? 0) / total) * left : left / open.length;
      return shares;
    }
    for (const index of over) shares[index] = cap;
    left -= cap * over.length;
    open = open.filter((index) => !over.includes(index));
  }
}
