import { HaircutPast, haircutOf } from '../../oracle/risk/haircut';
import { Memory } from '../../oracle/risk/memory';
import { haircutSchema } from '../../platform/config/haircut-schema';

/** What haircuts the shortfall at 99 % amounts to, by the policy that a feed has by default. Spreads and pegs cost nothing here. */
export class HaircutTrack {
  readonly times: number[] = [];
  readonly raw: number[] = [];
  readonly smoothed: number[] = [];
  /** Part of the value lost over the horizon that began then; NaN where it is not known. */
  readonly losses: number[] = [];
  private readonly past = new HaircutPast(new Memory(), haircutSchema.parse({}));

  /** Once a bar. `shortfall` is NaN where it has no basis. */
  observe(at: number, shortfall: number): void {
    this.past.observe(at, Number.isNaN(shortfall) ? undefined : haircutOf(shortfall));
  }

  record(at: number, shortfall: number, span: number): void {
    const { smoothed } = this.past;
    if (Number.isNaN(shortfall) || smoothed === undefined) return;
    this.times.push(at);
    this.raw.push(haircutOf(shortfall));
    this.smoothed.push(smoothed);
    this.losses.push(-Math.expm1(span));
  }
}
