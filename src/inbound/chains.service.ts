import type { Clock, Timers } from '../platform/clock/clock';
import type { ChainConfiguration } from '../platform/config/configuration';
import { readersOf, sequencerOf } from './chains/registry';
import type { InputSink } from './sink';
import { ChainPoller, type PollEvent } from './transport/chain-poller';
import { createEvmClient } from './transport/evm-client';
import { nodeAddresses } from './transport/node-addresses';
import { NodeQuorum } from './transport/node-quorum';

export interface ChainsOptions {
  /** Only the chains that have addresses to read from: as the environment has them, with commas between. */
  readonly chains: readonly (ChainConfiguration & { readonly rpcUrls: string })[];
  readonly sink: InputSink;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: (chain: string, event: PollEvent) => void;
}

/** The readers of all chains. */
export class ChainsService {
  private readonly pollers: readonly ChainPoller[];

  /** Throws where a chain's nodes can never agree. */
  constructor({ chains, sink, clock, timers, log }: ChainsOptions) {
    this.pollers = chains.map((chain) => {
      const { urls, agree } = nodeAddresses(chain);
      return new ChainPoller({
        chain: chain.name,
        pollMs: chain.pollMs,
        readers: readersOf(chain),
        sequencer: sequencerOf(chain),
        nodes: new NodeQuorum(
          urls.map((url) => createEvmClient(url)),
          agree,
        ),
        sink,
        clock,
        timers,
        log: (event) => {
          log(chain.name, event);
        },
      });
    });
  }

  start(): void {
    for (const poller of this.pollers) poller.start();
  }

  stop(): void {
    for (const poller of this.pollers) poller.stop();
  }
}
