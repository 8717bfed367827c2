/** Every field of it, to be stored and restored as it is. */
export interface RecentPricesState {
  readonly prices: Float64Array;
  readonly next: number;
}

/** The published price at the ends of the last seconds; NaN where there was none. */
export class RecentPrices {
  private prices: Float64Array;
  private next = 0;

  constructor(seconds: number) {
    this.prices = new Float64Array(seconds).fill(NaN);
  }

  observe(price: number): void {
    this.prices[this.next] = price;
    this.next = (this.next + 1) % this.prices.length;
  }

  forget(): void {
    this.prices.fill(NaN);
  }

  get lowest(): number {
    return this.most((price, other) => price < other);
  }

  get highest(): number {
    return this.most((price, other) => price > other);
  }

  state(): RecentPricesState {
    return { prices: this.prices.slice(), next: this.next };
  }

  restore({ prices, next }: RecentPricesState): void {
    this.prices = prices.slice();
    this.next = next;
  }

  private most(goesFurther: (price: number, other: number) => boolean): number {
    let found = NaN;
    for (const price of this.prices) {
      if (!Number.isNaN(price) && (Number.isNaN(found) || goesFurther(price, found))) found = price;
    }
    return found;
  }
}
