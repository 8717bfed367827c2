import type { FeedPlan } from '../plan';
import type { Report } from '../report';
import { ByteWriter, writeUnsigned } from './bytes';
import { encodeFeedId, FEED_ID_BYTES } from './feed-id';
import type { Keccak } from './keccak';
import { LEAF_KIND } from './leaf';
import { LANE_BYTES, laneOf, readLane, writeLane, type Lane } from './packed-lane';

/** Twenty storage slots. */
export const MAX_GROUP_FEEDS = 60;

const LANES = 3;
const CUT_BYTES = 5;
const WORD_BYTES = CUT_BYTES + LANES * LANE_BYTES;
const HASH_BYTES = 32;
const LAYOUT_BYTES = FEED_ID_BYTES + 3;

type GroupFeed = Pick<FeedPlan, 'id' | 'asset' | 'decimals'>;

/** Feeds that contracts store together: which they are, in which place and unit, never changes under one hash. */
export class PackedGroup {
  /** keccak256 over each feed's id, asset version (u16) and decimals (u8), in order. */
  readonly hash: Uint8Array;
  /** By place; of a report that has not changed since the last leaf, the lane is at hand. */
  private readonly reports: Report[] = [];
  private readonly lanes: Lane[] = [];

  constructor(
    private readonly feeds: readonly GroupFeed[],
    keccak: Keccak,
  ) {
    if (feeds.length < 1 || feeds.length > MAX_GROUP_FEEDS) {
      throw new RangeError(`a group of ${feeds.length} feeds cannot be packed: it has 1 to ${MAX_GROUP_FEEDS}`);
    }
    if (new Set(feeds.map(({ id }) => id)).size < feeds.length) {
      throw new RangeError('a group lists a feed twice');
    }
    const layout = new Uint8Array(feeds.length * LAYOUT_BYTES);
    const writer = new ByteWriter(layout);
    for (const { id, asset, decimals } of feeds) {
      writer.raw(encodeFeedId(id)).unsigned(2, asset.version).unsigned(1, decimals);
    }
    this.hash = keccak(layout);
  }

  /**
   * The group's leaf under the packed root: kind, hash of the group, words. `reports` stand in the order of the group's
   * feeds; one that is undefined is written as halted. Never 64 bytes long.
   */
  leaf(reports: readonly (Report | undefined)[], cut: number): Uint8Array {
    if (reports.length !== this.feeds.length) {
      throw new RangeError(`a group of ${this.feeds.length} feeds needs as many reports, not ${reports.length}`);
    }
    const first = 1 + HASH_BYTES;
    const bytes = new Uint8Array(first + Math.ceil(reports.length / LANES) * WORD_BYTES);
    bytes[0] = LEAF_KIND.packed;
    bytes.set(this.hash, 1);
    for (let word = first; word < bytes.length; word += WORD_BYTES) writeUnsigned(bytes, word, CUT_BYTES, cut);
    for (const [place, report] of reports.entries()) {
      if (report === undefined) continue;
      const word = first + Math.floor(place / LANES) * WORD_BYTES;
      writeLane(bytes, word + CUT_BYTES + (place % LANES) * LANE_BYTES, this.lane(place, report), cut);
    }
    return bytes;
  }

  private lane(place: number, report: Report): Lane {
    const known = this.lanes[place];
    if (known !== undefined && this.reports[place] === report) return known;
    const lane = laneOf(report);
    this.reports[place] = report;
    this.lanes[place] = lane;
    return lane;
  }
}

/** A group as its words have it: one status and price for each feed. */
export interface PackedStanding {
  readonly cut: number;
  readonly feeds: readonly { readonly status: number; readonly price: number | undefined }[];
}

/** What the words of a group of so many feeds say, unproved. Throws RangeError where they are not as many as it needs. */
export function readWords(words: Uint8Array, feeds: number): PackedStanding {
  const length = Math.ceil(feeds / LANES) * WORD_BYTES;
  if (words.length !== length) {
    throw new RangeError(`${feeds} feeds are packed into ${length} bytes of words, not ${words.length}`);
  }
  let cut = 0;
  for (const byte of words.subarray(0, CUT_BYTES)) cut = cut * 256 + byte;
  const lane = (place: number): number =>
    Math.floor(place / LANES) * WORD_BYTES + CUT_BYTES + (place % LANES) * LANE_BYTES;
  return { cut, feeds: Array.from({ length: feeds }, (_, place) => readLane(words, lane(place))) };
}
