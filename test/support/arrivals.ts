/** What arrives one by one and is awaited one by one, in either order. */
export class Arrivals<T> {
  private readonly arrived: T[] = [];
  private readonly awaiting: ((arrival: T) => void)[] = [];

  push(arrival: T): void {
    const awaiting = this.awaiting.shift();
    if (awaiting === undefined) this.arrived.push(arrival);
    else awaiting(arrival);
  }

  next(): Promise<T> {
    if (this.arrived.length > 0) return Promise.resolve(this.arrived.shift() as T);
    return new Promise((resolve) => this.awaiting.push(resolve));
  }

  /** Takes arrivals until one fulfils the condition, and gives that. */
  async until(condition: (arrival: T) => boolean): Promise<T> {
    for (;;) {
      const arrival = await this.next();
      if (condition(arrival)) return arrival;
    }
  }
}
