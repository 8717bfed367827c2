import { cutNumberAt } from '../../oracle/units/time';
import type { RecordedEvent } from '../../recording/event';
import { RecordingWriter } from '../../recording/writer';
import type { Scenario } from '../attacks/scenario';
import { START_AT, Truths } from './lab';
import { SimulatedMarket } from './simulated-market';

/** Writes what arrives in one scenario of one seed as a recording of the interchange format. */
export async function emitRun(
  file: string,
  { scenario, seed, configHash }: { readonly scenario: Scenario; readonly seed: number; readonly configHash: string },
): Promise<void> {
  const truth = new Truths(seed).of(scenario);
  const arrivals = new SimulatedMarket({ scenario, seed, truth, startAt: START_AT }).arrivals();
  const events = arrivals.map(({ event }) => event);
  const at = events[0]?.at ?? START_AT;
  const configured: RecordedEvent = { at, config: configHash, effectiveCut: cutNumberAt(at) };
  const writer = await RecordingWriter.open(file, { gzip: file.endsWith('.gz') });
  try {
    for (const event of [configured, ...events]) writer.append(event);
  } finally {
    await writer.close();
  }
}
