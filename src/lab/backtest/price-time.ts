const ISO = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2}(?:\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$/;

/** Epoch milliseconds of an ISO date or time (UTC where it names no zone) or of an epoch in s, ms or µs. */
export function parsePriceTime(text: string): number | undefined {
  if (/^\d{9,17}(\.\d+)?$/.test(text)) {
    const epoch = Number(text);
    if (epoch < 1e11) return Math.round(epoch * 1_000);
    return Math.round(epoch < 1e14 ? epoch : epoch / 1_000);
  }
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, date = '', minutes = '00:00', seconds = ':00', zone = 'Z'] = match;
  const at = Date.parse(`${date}T${minutes}${seconds}${zone}`);
  return Number.isNaN(at) ? undefined : at;
}
