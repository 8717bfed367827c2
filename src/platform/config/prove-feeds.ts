import type { FeedPolicy } from '../../oracle/plan';
import { powerOfTen } from '../../oracle/units/decimal';
import type { ConfigFile } from './config-file';
import type { Path } from './fault';
import { proveImplied, type ProvenImplied } from './prove-implied';
import { legOf, proveLegs } from './prove-legs';
import { proveSources, type ProvenSource, type VenueBook } from './prove-sources';
import { feedSchema, policySchema, type FeedRow } from './schema';
import { section } from './sections';

export interface ProvenFeed {
  readonly row: FeedRow;
  readonly policy: FeedPolicy;
  readonly sources: readonly ProvenSource[];
  /** Of venues; those of chains stand in chains.yaml. */
  readonly anchors: readonly ProvenSource[];
  readonly implied: ProvenImplied | undefined;
}

/** A published price has at least this many digits that mean something, or rounding alone would move a margin. */
const MIN_DIGITS = 7;

/** Ids of all feeds that a file names, those with faults included. */
export function writtenFeeds(file: ConfigFile): ReadonlySet<string> {
  return new Set(writtenIds(file).filter((id) => typeof id === 'string'));
}

/** Every feed that is free of faults, in the order of the file. */
export function proveFeeds(file: ConfigFile, venues: VenueBook): ProvenFeed[] {
  const defaults = section(file, ['defaults'], policySchema);
  const ids = writtenIds(file);
  const rows = ids.map((_, i) => section(file, ['feeds', i], feedSchema));
  for (const [i, id] of ids.entries()) {
    if (typeof id !== 'string' || ids.indexOf(id) === i) continue;
    file.fault('duplicateFeed', ['feeds', i, 'id'], { what: `${id} stands here twice`, wayOut: 'keep one of the two' });
    rows[i] = undefined;
  }
  proveLegs(file, rows, writtenFeeds(file));

  const book = { file, venues, taken: new Map<string, string>() };
  return rows.flatMap((row, i) => {
    if (row === undefined) return [];
    const path = ['feeds', i];
    proveDecimals(file, path, row);
    const policy = defaults && policyOf(row, defaults);
    const of = { feed: row, maxAgeMs: policy?.maxAgeMs ?? 0, maxQuietMs: row.maxQuietMs ?? defaults?.maxQuietMs };
    const sources = proveSources(book, path, 'sources', of);
    const anchors = proveSources(book, path, 'anchors', of);
    const implied = proveImplied(book, path, row);
    if (sources === undefined || anchors === undefined || policy === undefined) return [];
    proveQuorum(file, path, row, policy, sources);
    proveHaircut(file, path, row, policy);
    return [{ row, policy, sources, anchors, implied }];
  });
}

function writtenIds(file: ConfigFile): unknown[] {
  const feeds = file.valueAt(['feeds']);
  return Array.isArray(feeds) ? feeds.map((_, i) => file.valueAt(['feeds', i, 'id'])) : [];
}

function policyOf(row: FeedRow, defaults: Omit<FeedPolicy, 'nominalVolatility'>): FeedPolicy {
  return {
    minUpstreams: row.minUpstreams ?? defaults.minUpstreams,
    okUpstreams: row.okUpstreams ?? defaults.okUpstreams,
    minNative: row.minNative ?? defaults.minNative,
    medianToleranceBps: row.medianToleranceBps ?? defaults.medianToleranceBps,
    maxNativeGapBps: row.maxNativeGapBps ?? defaults.maxNativeGapBps,
    maxSpreadBps: row.maxSpreadBps ?? defaults.maxSpreadBps,
    wideBandBps: row.wideBandBps ?? defaults.wideBandBps,
    nominalVolatility: row.nominalVolatility,
    maxAgeMs: row.maxAgeMs ?? defaults.maxAgeMs,
    disagreementHaltMs: row.disagreementHaltMs ?? defaults.disagreementHaltMs,
    graceMs: row.graceMs ?? defaults.graceMs,
    warmUpMs: row.warmUpMs ?? defaults.warmUpMs,
    minFreshShare: row.minFreshShare ?? defaults.minFreshShare,
    minAnchors: row.minAnchors ?? defaults.minAnchors,
    minAnchorsToHalt: row.minAnchorsToHalt ?? defaults.minAnchorsToHalt,
    maxJumpBps: row.maxJumpBps ?? defaults.maxJumpBps,
    maxRateBps: row.maxRateBps ?? defaults.maxRateBps,
    maxTwapGapBps: row.maxTwapGapBps ?? defaults.maxTwapGapBps,
    maxClockMs: row.maxClockMs ?? defaults.maxClockMs,
    haircut: {
      liquidationHorizonMs: row.haircut.liquidationHorizonMs ?? defaults.haircut.liquidationHorizonMs,
      floor: row.haircut.floor ?? defaults.haircut.floor,
      steadyWeight: row.haircut.steadyWeight ?? defaults.haircut.steadyWeight,
      stressWeight: row.haircut.stressWeight ?? defaults.haircut.stressWeight,
      maxFallPerDay: row.haircut.maxFallPerDay ?? defaults.haircut.maxFallPerDay,
    },
    ...(row.marketHours === undefined ? {} : { marketHours: row.marketHours }),
  };
}

/** Ten times the nominal price is still an exact integer in float64. */
function proveDecimals(file: ConfigFile, feed: Path, row: FeedRow): void {
  const path = [...feed, 'decimals'];
  const mantissa = row.nominalPrice * powerOfTen(row.decimals);
  if (10 * mantissa > Number.MAX_SAFE_INTEGER) {
    file.fault('decimalsOverflow', path, {
      what: `ten times ${row.id}'s nominal price ${row.nominalPrice} does not fit 2^53 with these decimals`,
      value: row.decimals,
      limit: '10 × nominalPrice × 10^decimals < 2^53',
      wayOut: 'publish with fewer decimals',
    });
  }
  if (mantissa < powerOfTen(MIN_DIGITS - 1)) {
    file.fault('tooFewDigits', path, {
      what: `${row.id}'s nominal price ${row.nominalPrice} has fewer than ${MIN_DIGITS} digits with these decimals`,
      value: row.decimals,
      limit: `nominalPrice × 10^decimals ≥ 10^${MIN_DIGITS - 1}`,
      wayOut: 'publish with more decimals',
    });
  }
}

function proveQuorum(
  file: ConfigFile,
  path: Path,
  row: FeedRow,
  policy: FeedPolicy,
  sources: readonly ProvenSource[],
): void {
  if (policy.minUpstreams > policy.okUpstreams) {
    file.fault('quorumsCross', path, {
      what: `${row.id} would halt with as many upstreams as make it ok`,
      value: policy.minUpstreams,
      limit: `okUpstreams, ${policy.okUpstreams}`,
      wayOut: 'lower minUpstreams or raise okUpstreams',
    });
  }
  const upstreams = new Set(sources.map(({ upstream }) => upstream)).size;
  if (upstreams < policy.okUpstreams) {
    file.fault('quorumOutOfReach', [...path, 'sources'], {
      what: `${row.id} can never be ok: it has too few independent upstreams`,
      value: upstreams,
      limit: `okUpstreams, ${policy.okUpstreams}`,
      wayOut: 'add sources of other upstreams, or lower okUpstreams',
    });
  }
  const native = sources.filter(({ quote }) => legOf(row.id, quote) === undefined).length;
  if (native < policy.minNative) {
    file.fault('nativeOutOfReach', [...path, 'sources'], {
      what: `${row.id} can never be ok: it has too few sources that quote in its own currency`,
      value: native,
      limit: `minNative, ${policy.minNative}`,
      wayOut: 'add native sources, or lower minNative',
    });
  }
}

function proveHaircut(file: ConfigFile, path: Path, { id }: FeedRow, { haircut }: FeedPolicy): void {
  const { steadyWeight, stressWeight } = haircut;
  if (steadyWeight + stressWeight <= 1) return;
  file.fault('weightsExceedOne', path, {
    what: `${id}'s haircut would fall where its risk rises: its past weighs more than all`,
    value: steadyWeight + stressWeight,
    limit: 'steadyWeight + stressWeight ≤ 1',
    wayOut: 'lower one of the two',
  });
}
