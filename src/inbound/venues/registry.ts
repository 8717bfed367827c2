import type { Dialect } from '../dialect';
import { binance } from './binance/binance.dialect';
import { bitstamp } from './bitstamp/bitstamp.dialect';
import { bybit } from './bybit/bybit.dialect';
import { coinbase } from './coinbase/coinbase.dialect';
import { deribit } from './deribit/deribit.dialect';
import { generic } from './generic/generic.dialect';
import { kraken } from './kraken/kraken.dialect';
import { okx } from './okx/okx.dialect';

const DIALECTS = new Map<string, Dialect>(
  [binance, bitstamp, bybit, coinbase, deribit, generic, kraken, okx].map((dialect: Dialect) => [
    dialect.name,
    dialect,
  ]),
);

/** What `dialect:` of a venue in the configuration may say. */
export const dialectNames: readonly string[] = [...DIALECTS.keys()];

/** Throws RangeError where there is none: the configuration was checked against `dialectNames`. */
export function dialectNamed(name: string): Dialect {
  const dialect = DIALECTS.get(name);
  if (dialect === undefined) throw new RangeError(`no dialect is named ${name}; there are ${dialectNames.join(', ')}`);
  return dialect;
}
