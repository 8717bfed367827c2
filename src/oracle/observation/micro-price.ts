/**
 * The middle of bid and ask weighted by the opposite sizes: where the next trade is likelier (Stoikov 2018, "The
 * micro-price"). Without usable sizes it is the plain middle. It never leaves bid..ask.
 */
export function microPrice(bid: number, ask: number, bidSize: number | undefined, askSize: number | undefined): number {
  const share = bidShare(bidSize, askSize);
  return bid + (ask - bid) * share;
}

function bidShare(bidSize: number | undefined, askSize: number | undefined): number {
  if (bidSize === undefined || askSize === undefined) return 0.5;
  const total = bidSize + askSize;
  const usable = bidSize >= 0 && askSize >= 0 && total > 0 && Number.isFinite(total);
  return usable ? bidSize / total : 0.5;
}
