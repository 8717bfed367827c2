import type { Dialect } from '../dialect';

export interface PlannedSession {
  readonly venue: string;
  /** `1`, `2`, … within the venue. */
  readonly connection: string;
  readonly instruments: readonly string[];
}

/**
 * Which connections a venue needs and what each carries, in the order of configuration. Pure, and the only place that
 * decides it: a replay must know what a recorded connection carried.
 */
export function planSessions(
  venue: string,
  { maxInstruments }: Pick<Dialect, 'maxInstruments'>,
  instruments: readonly string[],
): readonly PlannedSession[] {
  const count = Math.ceil(instruments.length / maxInstruments);
  return Array.from({ length: count }, (_, index) => ({
    venue,
    connection: String(index + 1),
    instruments: instruments.slice(index * maxInstruments, (index + 1) * maxInstruments),
  }));
}
