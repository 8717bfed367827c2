/** What a feed is worth to the feeds that convert through it: its published, rounded figures of this very cut. */
export interface LegValue {
  /** Absent while the feed is halted: nothing can be converted through it. */
  readonly price: number;
  /** Half the band's width relative to the price; it passes whole into every converted feed's band. */
  readonly relativeHalfWidth: number;
  /** It says so in the reasons of every converted feed, and changes nothing else there. */
  readonly isDegraded: boolean;
}

/** Whether what hangs on the leg would be the same by both; absent while it is halted. */
export function saysTheSameLeg(a: LegValue | undefined, b: LegValue | undefined): boolean {
  return a?.price === b?.price && a?.relativeHalfWidth === b?.relativeHalfWidth && a?.isDegraded === b?.isDegraded;
}
