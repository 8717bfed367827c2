import { refuse, type Hex, type Sequencer } from '../../reader';
import { calls } from '../words';
import { decodeRound, LATEST_ROUND_DATA } from './latest-round-data';

export interface SequencerFeed {
  /** `sequencer:arbitrum` */
  readonly id: string;
  readonly address: Hex;
  /** For so long after the sequencer came back what its chain says is of before. */
  readonly graceMs: number;
  /** A newest block so old tells of a sequencer that stands still, before the feed can say so. */
  readonly maxBlockAgeMs: number;
}

/**
 * Reads an L2 sequencer uptime feed, an aggregator whose answer is 0 while the sequencer works and 1 while it does not,
 * with `startedAt` as the instant of the last change: https://docs.chain.link/data-feeds/l2-sequencer-feeds
 */
export function sequencerReader({ id, address, graceMs, maxBlockAgeMs }: SequencerFeed): Sequencer {
  return {
    id,
    *status(block, now) {
      const blockAge = now - block.at;
      if (blockAge >= maxBlockAgeMs) {
        return refuse('sequencerDown', `block ${block.number} is ${blockAge} ms old, and ${maxBlockAgeMs} is allowed`);
      }
      const [latest] = yield calls(address, LATEST_ROUND_DATA);
      const round = decodeRound(latest);
      if (round.kind === 'refused') return round;
      if (round.answer !== 0n) return refuse('sequencerDown', `the uptime feed says ${round.answer}, not 0 for up`);
      const upFor = now - round.startedAt;
      if (round.startedAt === 0 || upFor < graceMs) {
        return refuse('sequencerDown', `the sequencer is up for ${upFor} ms, less than its grace of ${graceMs}`);
      }
      return { kind: 'up' };
    },
  };
}
