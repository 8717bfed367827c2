import { feedAt } from '../../client/verifier/packed-group';
import type { PackedFeed } from '../../client/verifier/packed-lane';
import { wordsOf } from '../../src/oracle/reporting/packed-message';
import type { LiveService } from './live-service';

const WORD = 32;
const CUT_BYTES = 5;

/** A group as somebody brings it to a contract. */
export interface Carried {
  readonly message: string;
  /** Ticks of 10 ms. */
  readonly cut: number;
  /** What stands in it, by place. */
  readonly feeds: readonly PackedFeed[];
}

/** A row of `GET /v1/groups`. */
interface GroupRow {
  readonly name: string;
  readonly hash: string;
  readonly feeds: readonly { readonly id: string; readonly decimals: number }[];
}

type Edge = 'price' | 'low' | 'high' | 'collateral' | 'liability';

/** A group that a service publishes, as whoever asks REST for it sees it. The service may be another later. */
export class CarriedGroup {
  private constructor(
    private readonly live: () => LiveService,
    private readonly row: GroupRow,
  ) {}

  static async of(live: () => LiveService, name: string): Promise<CarriedGroup> {
    const { body } = await live().get('/v1/groups');
    const row = (body as GroupRow[]).find((each) => each.name === name);
    if (row === undefined) throw new Error(`no group is called ${name}`);
    return new CarriedGroup(live, row);
  }

  get hash(): string {
    return this.row.hash;
  }

  async newest(): Promise<Carried> {
    const { body } = await this.live().get(`/v1/groups/${this.row.name}/message`);
    return this.read((body as { groups: [{ message: string }] }).groups[0].message);
  }

  /** The first that is so, asked now and after each cut. */
  async until(isSo: (carried: Carried) => unknown, what: string): Promise<Carried> {
    for (;;) {
      const { entries } = this.live();
      const seen = entries.length;
      const carried = await this.newest();
      if (isSo(carried)) return carried;
      await this.live().until(() => entries.length > seen, `another cut, and ${what}`);
    }
  }

  /** The first after a cut. */
  later(cut: number): Promise<Carried> {
    return this.until((carried) => carried.cut > cut, `one later than ${cut}`);
  }

  placeOf(feed: string): number {
    return this.row.feeds.findIndex(({ id }) => id === feed);
  }

  decimalsOf(feed: string): number {
    return this.row.feeds[this.placeOf(feed)]?.decimals ?? NaN;
  }

  feedOf({ feeds }: Carried, feed: string): PackedFeed {
    const found = feeds[this.placeOf(feed)];
    if (found === undefined) throw new Error(`${feed} is no feed of ${this.row.name}`);
    return found;
  }

  /** In the feed's quote currency; NaN where it is not known. */
  amountOf(carried: Carried, feed: string, edge: Edge): number {
    const { prices } = this.feedOf(carried, feed);
    const mantissa = edge === 'collateral' || edge === 'liability' ? prices?.use?.[edge] : prices?.[edge];
    return Number(mantissa ?? NaN) / 10 ** this.decimalsOf(feed);
  }

  /** As the client reads it (docs/packed.md); the contract proves it. */
  private read(message: string): Carried {
    const bytes = Buffer.from(wordsOf(Buffer.from(message.slice(2), 'hex')));
    const words = Array.from({ length: bytes.length / WORD }, (_, at) => bytes.subarray(WORD * at, WORD * (at + 1)));
    const cut = bytes.readUIntBE(0, CUT_BYTES);
    return { message, cut, feeds: this.row.feeds.map((_, place) => feedAt({ cut, words }, place)) };
  }
}
