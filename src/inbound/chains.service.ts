import type { Clock, Timers } from '../platform/clock/clock';
import { chainlinkReader, type ChainlinkFeed } from './chains/chainlink/chainlink-reader';
import type { InputSink } from './sink';
import { ChainPoller, type PollEvent } from './transport/chain-poller';
import { createEvmClient } from './transport/evm-client';

export interface ChainsOptions {
  /** Only the chains that have an address to read from. */
  readonly chains: readonly {
    readonly name: string;
    readonly rpcUrl: string;
    readonly feeds: readonly ChainlinkFeed[];
  }[];
  readonly sink: InputSink;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: (chain: string, event: PollEvent) => void;
}

/** The readers of all chains. */
export class ChainsService {
  private readonly pollers: readonly ChainPoller[];

  constructor({ chains, sink, clock, timers, log }: ChainsOptions) {
    this.pollers = chains.map(
      ({ name: chain, rpcUrl, feeds }) =>
        new ChainPoller({
          chain,
          readers: feeds.map(chainlinkReader),
          client: createEvmClient(rpcUrl),
          sink,
          clock,
          timers,
          log: (event) => {
            log(chain, event);
          },
        }),
    );
  }

  start(): void {
    for (const poller of this.pollers) poller.start();
  }

  stop(): void {
    for (const poller of this.pollers) poller.stop();
  }
}
