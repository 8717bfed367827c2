import type { Configuration } from '../../platform/config/configuration';
import type { Asset } from '../run/listings';
import { Assay } from './assay';
import { PerAsset, type Candidate } from './candidate';
import { CmeBrr } from './cme-brr';
import { Deribit } from './deribit';
import { Hyperliquid } from './hyperliquid';
import { Okx } from './okx';
import { PlainMedian } from './plain-median';
import { Pyth } from './pyth';
import type { Rule } from './rule';
import { VenueMedians } from './venue-medians';
import { Vwap } from './vwap';

/** By name, in the order of the tables; Assay stands before them. */
const OTHERS: Readonly<Record<string, new (asset: Asset) => Rule>> = {
  median: PlainMedian,
  venueMedians: VenueMedians,
  vwap: Vwap,
  pyth: Pyth,
  cmeBrr: CmeBrr,
  deribit: Deribit,
  hyperliquid: Hyperliquid,
  okx: Okx,
};

export const RULE_NAMES: readonly string[] = ['assay', ...Object.keys(OTHERS)];

/** @throws RangeError for a name that is no rule's */
export function refuseUnknownRule(name: string): void {
  if (!RULE_NAMES.includes(name)) {
    throw new RangeError(`no rule is named ${name}; there are ${RULE_NAMES.join(', ')}`);
  }
}

/** @throws RangeError for a name that is no rule's, and for an asset that the configuration does not publish */
export function makeCandidate(name: string, assets: readonly Asset[], configuration: Configuration): Candidate {
  refuseUnknownRule(name);
  const Other = OTHERS[name];
  if (Other === undefined) return new Assay(configuration, assets);
  return new PerAsset(name, assets, (asset) => new Other(asset));
}
