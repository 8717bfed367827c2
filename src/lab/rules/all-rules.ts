import type { Configuration } from '../../platform/config/configuration';
import type { Asset } from '../attacks/scenario';
import { Assay } from './assay';
import { CmeBrr } from './cme-brr';
import { Deribit } from './deribit';
import { Hyperliquid } from './hyperliquid';
import { Okx } from './okx';
import { PlainMedian } from './plain-median';
import { Pyth } from './pyth';
import type { Rule } from './rule';
import { VenueMedians } from './venue-medians';
import { Vwap } from './vwap';

type MakeRule = (base: Asset, configuration: Configuration) => Rule;

/** By name, in the order of the tables. */
const RULES: Readonly<Record<string, MakeRule>> = {
  assay: (base, configuration) => new Assay(configuration, `${base}/USD`),
  median: (base) => new PlainMedian(base),
  venueMedians: (base) => new VenueMedians(base),
  vwap: (base) => new Vwap(base),
  pyth: (base) => new Pyth(base),
  cmeBrr: (base) => new CmeBrr(base),
  deribit: (base) => new Deribit(base),
  hyperliquid: (base) => new Hyperliquid(base),
  okx: (base) => new Okx(base),
};

export const RULE_NAMES: readonly string[] = Object.keys(RULES);

/** @throws RangeError for a name that is no rule's */
export function refuseUnknownRule(name: string): void {
  if (!RULE_NAMES.includes(name)) {
    throw new RangeError(`no rule is named ${name}; there are ${RULE_NAMES.join(', ')}`);
  }
}

/** @throws RangeError for a name that is no rule's, and for a feed that is not published */
export function makeRule(name: string, base: Asset, configuration: Configuration): Rule {
  refuseUnknownRule(name);
  return (RULES[name] as MakeRule)(base, configuration);
}
