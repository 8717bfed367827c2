import type { Report, ReportPrices } from './report';

/**
 * Whether a report would tell a consumer nothing new. Reasons and permits are compared by identity: each set of them is
 * spelled out once and then shared.
 */
export function saysTheSame(a: Report, b: Report): boolean {
  return (
    a.status === b.status &&
    a.reasons === b.reasons &&
    a.permits === b.permits &&
    a.observedAt === b.observedAt &&
    a.sources.used === b.sources.used &&
    a.sources.upstreams === b.sources.upstreams &&
    a.dispersionBps === b.dispersionBps &&
    samePrices(a.prices, b.prices)
  );
}

function samePrices(a: ReportPrices | undefined, b: ReportPrices | undefined): boolean {
  return (
    a?.price === b?.price &&
    a?.low === b?.low &&
    a?.high === b?.high &&
    a?.collateral === b?.collateral &&
    a?.liability === b?.liability
  );
}
