import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { readWords } from '../../oracle/reporting/packed-group';
import { wordsOf } from '../../oracle/reporting/packed-message';
import type { Clock, Timers } from '../../platform/clock/clock';
import type { RelayChain, RelayConfiguration } from '../../platform/config/relay-configuration';
import type { Metrics } from '../../platform/metrics/metrics';
import type { AlertSink } from '../alerts/sinks/alert-sink';
import { DeliveryQueue } from '../alerts/sinks/delivery-queue';
import type { Chain, Hex } from './chain';
import { ChainLoop } from './chain-loop';
import { GasBook } from './gas-book';
import { readGasDays, writeGasDays } from './gas-file';
import { StreamSource } from './stream-source';

export interface RelayParts {
  readonly relay: RelayConfiguration;
  /** By the name of the group, as the plan packs it. */
  readonly groupHashes: ReadonlyMap<string, Hex>;
  /** By the name of the chain. */
  readonly chains: ReadonlyMap<string, Chain>;
  /** Keeps the gas of the day there. */
  readonly dataDirectory: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly metrics: Metrics;
  readonly alertSinks: readonly AlertSink[];
  readonly log: Pick<Logger, 'info' | 'warn' | 'error' | 'fatal'>;
}

/** Carries groups from one Assay's stream to the stores of its chains, for as long as the application runs. */
export class RelayService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly books = new Map<string, GasBook>();
  private readonly queues: readonly DeliveryQueue[];
  private readonly source: StreamSource;
  private readonly sizes: ReadonlyMap<string, number>;
  private loops: readonly ChainLoop[] = [];
  private saved: Promise<void> = Promise.resolve();
  private ownKeySigns = false;

  constructor(private readonly parts: RelayParts) {
    const { relay, timers, log, alertSinks } = parts;
    this.queues = alertSinks.map((sink) => new DeliveryQueue(sink, log));
    const stores = relay.chains.flatMap((chain) => chain.stores);
    this.sizes = new Map(stores.map(({ group, feeds }) => [group, feeds.length]));
    this.source = new StreamSource(relay.from, [...this.sizes.keys()], timers, {
      welcomed: (signers) => this.welcomed(signers),
      heard: (group, message) => this.heard(group, message),
      refused: (code) => log.error({ from: relay.from, code }, `the stream refuses to give the groups: ${code}`),
      ended: (why) => log.warn({ from: relay.from, why }, 'the stream was cut off; it will be opened again'),
    });
  }

  /** Throws where a node is of another chain, or a store of other feeds: what it held would be read wrongly. */
  async onApplicationBootstrap(): Promise<void> {
    const { relay, dataDirectory } = this.parts;
    for (const chain of relay.chains) await this.prove(chain);
    const days = await readGasDays(dataDirectory);
    for (const { name, maxGasPerDay } of relay.chains) this.books.set(name, new GasBook(maxGasPerDay, days[name]));
    this.loops = relay.chains.map((settings) => this.open(settings));
    for (const loop of this.loops) loop.turn();
    this.source.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.source.stop();
    await Promise.all(this.loops.map((loop) => loop.stop()));
    await this.saved;
    await Promise.all(this.queues.map((queue) => queue.close()));
  }

  private open(settings: RelayChain): ChainLoop {
    const { clock, timers, metrics, log } = this.parts;
    const alert = (change: Parameters<DeliveryQueue['put']>[0]): void => {
      for (const queue of this.queues) queue.put(change);
    };
    const gas = this.bookOf(settings.name);
    const chain = this.chainOf(settings.name);
    const loop = { settings, chain, gas, clock, timers, metrics, log, alert, spent: () => this.save() };
    return new ChainLoop(loop);
  }

  private async prove({ name, chainId, stores }: RelayChain): Promise<void> {
    const chain = this.chainOf(name);
    const found = await chain.chainId();
    if (found !== chainId)
      throw new Error(`the nodes of ${name} are of chain ${found}, and relay.yaml says ${chainId}`);
    for (const { group, address } of stores) {
      const held = await chain.group(address);
      if (held !== this.parts.groupHashes.get(group)) {
        throw new Error(
          `the store at ${address} on ${name} holds other feeds than the group ${group}, or in another order; ` +
            'compare GET /v1/groups with what it was deployed with',
        );
      }
    }
  }

  /** One key must not do both: whoever takes the relayer's machine could sign prices. */
  private welcomed(signers: readonly string[]): void {
    const accounts = new Set([...this.parts.chains.values()].map(({ account }) => account.toLowerCase()));
    this.ownKeySigns = signers.some((signer) => accounts.has(signer.toLowerCase()));
    if (this.ownKeySigns)
      this.parts.log.fatal('the relayer has the key of a price signer, and pushes nothing: give it another');
  }

  private heard(group: string, message: Uint8Array): void {
    const size = this.sizes.get(group);
    if (size === undefined || this.ownKeySigns) return;
    try {
      const standing = readWords(wordsOf(message), size);
      for (const loop of this.loops) loop.offer(group, { standing, message });
    } catch (error) {
      this.parts.log.error({ err: error, group }, 'the stream gave a message that is none');
    }
  }

  private save(): void {
    const days = Object.fromEntries([...this.books].map(([name, book]) => [name, book.state()]));
    this.saved = this.saved
      .then(() => writeGasDays(this.parts.dataDirectory, days))
      .catch((error: unknown) => {
        this.parts.log.error({ err: error }, 'the gas of the day was not kept: after a restart it counts from zero');
      });
  }

  private bookOf(name: string): GasBook {
    const book = this.books.get(name);
    if (book === undefined) throw new Error(`the chain ${name} has no gas book`);
    return book;
  }

  private chainOf(name: string): Chain {
    const chain = this.parts.chains.get(name);
    if (chain === undefined) throw new Error(`the chain ${name} was not opened`);
    return chain;
  }
}
