import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { dialectNames } from '../../inbound/venues/registry';
import { loadConfiguration } from '../../platform/config/load';
import { SCENARIOS } from '../attacks/catalogue';
import { ASSETS, listingsOf, PERPETUALS } from './listings';
import { PERPS, PROFILES } from './venues';
import { lackingWitnesses } from './witnessed';

interface FeedsFile {
  readonly cuts: unknown;
  readonly defaults: Readonly<Record<string, unknown>>;
}

const read = (folder: string): FeedsFile => parse(readFileSync(`${folder}/feeds.yaml`, 'utf8')) as FeedsFile;

/** What the laboratory may decide otherwise than the live configuration, and why. */
const DIFFERENT: Readonly<Record<string, string>> = {};

describe('what Assay publishes in the laboratory', () => {
  const live = read('config');
  const lab = read('config/lab');
  const configuration = loadConfiguration('config/lab', dialectNames);
  const { plan } = configuration;

  it('follows the policy of the live configuration, but for what is named', () => {
    const names = new Set([...Object.keys(live.defaults), ...Object.keys(lab.defaults)]);
    const apart = [...names].filter((name) => live.defaults[name] !== lab.defaults[name]);
    expect(apart).toEqual(Object.keys(DIFFERENT));
    expect(lab.cuts).toEqual(live.cuts);
  });

  it.each(ASSETS)('hears every book of %s that the market has, by its weight, and no other', (asset) => {
    const feed = plan.feeds.findIndex(({ id }) => id === `${asset}/USD`);
    const heard = plan.sources.filter((source) => source.feed === feed && source.anchor === undefined);
    const said = heard.map(({ id, instrument, weight }) => ({ id, instrument, weight }));
    const market = listingsOf(asset).map(({ venue, quote, weight }) => ({
      id: `${venue}:${asset}-${quote}`,
      instrument: `${asset}-${quote}`,
      weight,
    }));
    const byId = (a: { readonly id: string }, b: { readonly id: string }): number => a.id.localeCompare(b.id);
    expect(said.sort(byId)).toEqual(market.sort(byId));
  });

  it('hears the perpetuals without giving them a vote', () => {
    for (const perp of PERPS) {
      const own = plan.sources.filter(({ venue }) => venue === perp);
      const { weight } = PROFILES[perp];
      expect(own).toEqual(
        PERPETUALS[perp].map((asset): unknown => expect.objectContaining({ id: `${perp}:${asset}-USD`, weight })),
      );
      expect(own.every(({ anchor }) => anchor !== undefined)).toBe(true);
    }
  });

  it.each(SCENARIOS)('has every witness that $name needs', (scenario) => {
    expect(lackingWitnesses(configuration, scenario)).toEqual([]);
  });
});
