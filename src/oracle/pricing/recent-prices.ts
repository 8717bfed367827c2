/** Every field of it, to be stored and restored as it is. */
export interface RecentPricesState {
  readonly prices: Float64Array;
  readonly next: number;
}

/** The published price at the ends of the last seconds; NaN where there was none. */
export class RecentPrices {
  private prices: Float64Array;
  private next = 0;
  /** NaN where no second had a price. */
  lowest = NaN;
  highest = NaN;

  constructor(seconds: number) {
    this.prices = new Float64Array(seconds).fill(NaN);
  }

  observe(price: number): void {
    this.prices[this.next] = price;
    this.next = (this.next + 1) % this.prices.length;
    this.measure();
  }

  state(): RecentPricesState {
    return { prices: this.prices.slice(), next: this.next };
  }

  restore({ prices, next }: RecentPricesState): void {
    this.prices = prices.slice();
    this.next = next;
    this.measure();
  }

  private measure(): void {
    this.lowest = NaN;
    this.highest = NaN;
    for (const price of this.prices) {
      if (Number.isNaN(price)) continue;
      if (!(price >= this.lowest)) this.lowest = price;
      if (!(price <= this.highest)) this.highest = price;
    }
  }
}
