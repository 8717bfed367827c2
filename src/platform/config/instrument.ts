/** How venues name a market that trades its asset by the thousand: `1000PEPE`, `1MBABYDOGE`. */
const PREFIXES: readonly (readonly [prefix: string, multiplier: number])[] = [
  ['', 1],
  ['1000', 1e3],
  ['10000', 1e4],
  ['100000', 1e5],
  ['1000000', 1e6],
  ['1M', 1e6],
];

/** A market as a venue spells it; `symbols` is its pattern, `{BASE}-{QUOTE}`. */
export function spell(symbols: string, base: string, quote: string): string {
  return symbols
    .replace('{BASE}', base)
    .replace('{QUOTE}', quote)
    .replace('{base}', base.toLowerCase())
    .replace('{quote}', quote.toLowerCase());
}

/** How many of the asset one unit of an instrument is, by its own name; undefined if it is no market of the two. */
export function multiplierByName(symbols: string, base: string, quote: string, instrument: string): number | undefined {
  return PREFIXES.find(([prefix]) => spell(symbols, prefix + base, quote) === instrument)?.[1];
}
