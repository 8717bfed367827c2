import { MarketWitness } from '../../src/commands/replay/market-witness';
import { Replay } from '../../src/commands/replay/replay';
import { dialectNames } from '../../src/inbound/venues/registry';
import { ReplayColumns, type ReplayDrawing, type Window } from '../../src/lab/drawing/replay-columns';
import { StandingWords } from '../../src/lab/drawing/standing-words';
import { loadConfiguration } from '../../src/platform/config/load';
import type { RecordedEvent } from '../../src/recording/event';
import { DayTally, type FeedTally } from './day-tally';

/** Nobody verifies these bytes, and hashing them would take most of the time. */
const unhashed = (): Uint8Array => new Uint8Array(32);

/** Replays events under a configuration, judges every feed and draws the whole, and each window by itself. */
export async function judgedReplay(
  config: string,
  events: AsyncIterable<RecordedEvent>,
  windows: readonly Window[] = [],
): Promise<{ feeds: FeedTally[]; whole: ReplayDrawing[]; within: ReplayDrawing[][] }> {
  const configuration = loadConfiguration(config, dialectNames);
  const { plan } = configuration;
  const words = new StandingWords(plan);
  const tally = new DayTally(plan, words);
  const whole = new ReplayColumns(plan, words);
  const within = windows.map((window) => new ReplayColumns(plan, words, window));
  const replay = new Replay({
    configurations: [configuration],
    keccak: unhashed,
    witnessFor: () => new MarketWitness(words, [tally, whole, ...within]),
  });
  const lines = replay.lines(events, {});
  while ((await lines.next()).done !== true);
  return { feeds: tally.tallies(), whole: whole.drawings(), within: within.map((columns) => columns.drawings()) };
}
