import { LISTINGS, type Asset } from '../run/listings';
import { CHAIN_READERS, VENUES, type VenueName } from '../run/venues';
import type { Effect, Injection, Scenario, Speaker } from './scenario';

/** What is wrong with a scenario, and where in it. */
export interface Fault {
  readonly path: string;
  readonly what: string;
}

/** Effects that say where a book stands: of two at once, each may be meant. The others compose with everything. */
const PLACES: ReadonlySet<Effect['kind']> = new Set(['says', 'freeze', 'silent']);
/** What can go wrong with the reader of a chain; with its sequencer nothing but silence. */
const READER_EFFECTS: ReadonlySet<Effect['kind']> = new Set(['shift', 'times', 'freeze', 'silent', 'atBound']);

/** What a scenario asks for and no market can play: by path, so that it can be found in a file. */
export function contradictions({ judged = 'BTC', durationMs, injections, moves }: Scenario): Fault[] {
  return [
    ...injections.flatMap((injection, index) =>
      faultsOf(injection, judged, durationMs).map(({ path, what }) => ({ path: `injections[${index}].${path}`, what })),
    ),
    ...injections.flatMap((later, index) =>
      injections.slice(0, index).flatMap((earlier, other) => overlap(earlier, later, judged, index, other)),
    ),
    ...moves.flatMap(({ fromMs, overMs }, index) =>
      fromMs + overMs > durationMs
        ? [{ path: `moves[${index}]`, what: `ends at ${fromMs + overMs} ms, after the run (${durationMs} ms)` }]
        : [],
    ),
  ];
}

function faultsOf({ who, asset, what, fromMs, toMs }: Injection, judged: Asset, durationMs: number): Fault[] {
  const faults: Fault[] = [];
  if (toMs <= fromMs) faults.push({ path: 'toMs', what: `is ${toMs}; it must come after fromMs, ${fromMs}` });
  if (toMs > durationMs) faults.push({ path: 'toMs', what: `is ${toMs}; the run ends at ${durationMs} ms` });
  if (fromMs < 0) faults.push({ path: 'fromMs', what: `is ${fromMs}; a run begins at 0` });
  who.forEach((each, index) => {
    const wrong = impossible(each, what, asset ?? judged);
    if (wrong !== undefined) faults.push({ path: `who[${index}]`, what: wrong });
  });
  return faults;
}

function impossible(who: Speaker, { kind }: Effect, asset: Asset): string | undefined {
  if (who === 'sequencer') return kind === 'silent' ? undefined : `a sequencer can be silent, and not ${kind}`;
  if ((CHAIN_READERS as readonly string[]).includes(who)) {
    return READER_EFFECTS.has(kind) ? undefined : `${who} reads a chain and has no book to be ${kind}`;
  }
  if (kind === 'atBound') return `${who} is no reader of a chain: it has no bound`;
  if (!isVenue(who) || kind === 'silent' || LISTINGS[asset].books[who] !== undefined) return undefined;
  return `${who} has no book of ${asset}; ${Object.keys(LISTINGS[asset].books).join(', ')} have`;
}

function isVenue(who: Speaker): who is VenueName {
  return (VENUES as readonly string[]).includes(who);
}

function overlap(earlier: Injection, later: Injection, judged: Asset, index: number, other: number): Fault[] {
  const [a, b] = [earlier.what.kind, later.what.kind];
  const both = later.who.filter((who) => earlier.who.includes(who));
  const isSameBook = (earlier.asset ?? judged) === (later.asset ?? judged) || a === 'silent' || b === 'silent';
  const isAtOnce = later.fromMs < earlier.toMs && earlier.fromMs < later.toMs;
  const contradict = a === 'silent' || b === 'silent' || (PLACES.has(a) && PLACES.has(b));
  if (both.length === 0 || !isSameBook || !isAtOnce || !contradict) return [];
  const what = `${both.join(', ')} cannot be ${b} while it is ${a} (injections[${other}])`;
  return [{ path: `injections[${index}]`, what }];
}
