import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LatestView } from './latest-view';
import { EntriesForgotten, LEDGER, type Ledger } from './ledger';

/** Folds the ledger into the view from the newest checkpoint on, for as long as the application runs. */
@Injectable()
export class ViewFollowerService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(ViewFollowerService.name);
  private readonly stop = new AbortController();
  private followed: Promise<void> = Promise.resolve();

  constructor(
    @Inject(LEDGER) private readonly ledger: Ledger,
    private readonly view: LatestView,
  ) {}

  onApplicationBootstrap(): void {
    this.followed = this.follow();
  }

  async onModuleDestroy(): Promise<void> {
    this.stop.abort();
    await this.followed;
  }

  private async follow(): Promise<void> {
    const checkpoint = await this.ledger.checkpoint();
    let position = checkpoint === undefined ? 0 : checkpoint.cut.number - 1;
    while (!this.stop.signal.aborted) {
      try {
        for await (const entry of this.ledger.tail(position, this.stop.signal)) {
          position = entry.cut.number;
          this.fold(entry);
        }
        return;
      } catch (error) {
        this.logger.error(error);
        if (!(error instanceof EntriesForgotten)) return;
        position = error.forgottenThrough;
      }
    }
  }

  /** An entry that cannot be folded is a bug; the next one may be sound, and the root tells whether the view still is. */
  private fold(entry: Parameters<LatestView['fold']>[0]): void {
    const before = this.view.signed !== undefined;
    try {
      this.view.fold(entry);
    } catch (error) {
      this.logger.error(error);
    }
    const after = this.view.signed !== undefined;
    if (before && !after) this.logger.error(`the leaves at cut ${entry.cut.number} do not lead to its signed root`);
  }
}
