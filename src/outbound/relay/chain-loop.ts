import type { Logger } from 'pino';
import { cutInstant, DAY_MS, SECOND_MS } from '../../oracle/units/time';
import type { CancelTimer, Clock, Timers } from '../../platform/clock/clock';
import type { RelayChain } from '../../platform/config/relay-configuration';
import type { Metrics } from '../../platform/metrics/metrics';
import type { AlertChange } from '../alerts/alert';
import { Carrier, type CarrierEvent, type Offer } from './carrier';
import type { Chain } from './chain';
import type { GasBook } from './gas-book';
import { LateWatch } from './late-watch';

export interface ChainLoopParts {
  readonly settings: RelayChain;
  readonly chain: Chain;
  readonly gas: GasBook;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly metrics: Pick<Metrics, 'relayTransactions' | 'relayGas' | 'relayGasToday' | 'relayStoreAge'>;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly alert: (change: AlertChange) => void;
  /** Gas was used: what a restart must know has changed. */
  readonly spent: () => void;
}

/** Turns one chain's carrier whenever something may have to be pushed, and tells what became of it. */
export class ChainLoop {
  private readonly carrier: Carrier;
  private readonly watches: readonly LateWatch[];
  private cancelTimer: CancelTimer = () => undefined;
  private turning: Promise<void> | undefined;
  /** What stood in the way at the last look, and what was said of it. */
  private obstacle: string | undefined;
  private said: string | undefined;
  private day: number;
  private stopped = false;

  constructor(private readonly parts: ChainLoopParts) {
    const { settings, chain, gas, clock } = parts;
    this.carrier = new Carrier(settings, chain, gas, clock, (event) => this.tell(event));
    this.watches = settings.stores.map((store) => new LateWatch(settings.name, store));
    this.day = this.today();
  }

  /** Turns at once where the offer has to be pushed and nothing is under way; else it waits for the next look. */
  offer(group: string, offer: Offer): void {
    this.carrier.offer(group, offer);
    const store = this.parts.settings.stores.find((each) => each.group === group);
    const isDue = store !== undefined && this.carrier.causeFor(store) !== undefined;
    if (isDue && !this.carrier.isWaiting && this.obstacle === undefined) this.turn();
  }

  /** Looks at the chain now, and from then on every `pollMs`. */
  turn(): void {
    if (this.stopped || this.turning !== undefined) return;
    this.cancelTimer();
    this.turning = this.turnOnce().finally(() => {
      this.turning = undefined;
      if (!this.stopped) this.cancelTimer = this.parts.timers.arm(this.parts.settings.pollMs, () => this.turn());
    });
  }

  /** Resolves once nothing is asked of the chain any more. What was sent may still be mined. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.cancelTimer();
    await this.turning;
  }

  private async turnOnce(): Promise<void> {
    const { name } = this.parts.settings;
    this.closeDay();
    this.obstacle = undefined;
    try {
      await this.carrier.turn();
    } catch (error) {
      this.hinder(error instanceof Error ? error.message : String(error), name);
    }
    this.said = this.obstacle;
    this.watch();
  }

  private watch(): void {
    const { settings, clock, metrics, alert } = this.parts;
    for (const [index, store] of settings.stores.entries()) {
      const cut = this.carrier.standing(store)?.cut ?? 0;
      const labels = { chain: settings.name, group: store.group };
      if (cut > 0) metrics.relayStoreAge.set(labels, (clock.now() - cutInstant(cut)) / SECOND_MS);
      const look = { cause: this.carrier.causeFor(store), cut, at: clock.now(), obstacle: this.obstacle };
      const change = this.watches[index]?.look(look);
      if (change !== undefined) alert(change);
    }
  }

  private tell(event: CarrierEvent): void {
    const { settings, metrics, log, gas, clock, spent } = this.parts;
    const { name: chain } = settings;
    const { kind, group } = event;
    if (kind === 'held') {
      this.hinder(event.why, `${chain}/${group}`);
      return;
    }
    metrics.relayTransactions.inc({ chain, group, outcome: kind });
    if (kind === 'sent') {
      const { maxFeePerGas } = event.fees;
      log.info(
        { chain, group, cause: event.cause, maxFeePerGas: String(maxFeePerGas) },
        `pushing ${group} to ${chain}`,
      );
      return;
    }
    if (kind === 'displaced') {
      log.warn(
        { chain, group, nonce: event.nonce },
        'another program uses the relayer’s account: give it one of its own',
      );
      return;
    }
    metrics.relayGas.inc({ chain }, event.gas);
    const gasToday = gas.usedOn(clock.now());
    metrics.relayGasToday.set({ chain }, gasToday);
    spent();
    if (kind === 'stored')
      log.info({ chain, group, cut: event.cut, gas: event.gas, gasToday }, `${group} is on ${chain}`);
    else
      log.warn({ chain, group, gas: event.gas, gasToday }, 'a push was reverted: somebody else told the store first');
  }

  /** Said once for each new obstacle, not at every look. */
  private hinder(why: string, where: string): void {
    if (why !== this.said) this.parts.log.warn({ chain: this.parts.settings.name, why }, `${where} waits: ${why}`);
    this.obstacle = why;
  }

  private closeDay(): void {
    const { settings, gas, log, metrics } = this.parts;
    const { name: chain } = settings;
    if (this.today() === this.day) return;
    const date = new Date(this.day * DAY_MS).toISOString().slice(0, 10);
    log.info({ chain, date, gas: gas.usedOn(this.day * DAY_MS) }, `gas used on ${chain} on ${date}`);
    this.day = this.today();
    metrics.relayGasToday.set({ chain }, 0);
  }

  private today(): number {
    return Math.floor(this.parts.clock.now() / DAY_MS);
  }
}
