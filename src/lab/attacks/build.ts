import type { Asset } from '../run/listings';
import type { Effect, Injection, Move, Scenario } from './scenario';

/** When a fault begins and ends unless it says otherwise: time before it to be well, time after it to recover. */
export const FAULT_FROM_MS = 8_000;
export const FAULT_TO_MS = 23_000;
const DURATION_MS = 30_000;

type Draft = Pick<Scenario, 'name' | 'about' | 'captured' | 'required'> & Partial<Scenario>;

export function scenario(draft: Draft): Scenario {
  return { durationMs: DURATION_MS, injections: [], moves: [], ...draft };
}

export function inject(
  who: Injection['who'],
  what: Effect,
  {
    from = FAULT_FROM_MS,
    to = FAULT_TO_MS,
    asset,
  }: { readonly from?: number; readonly to?: number; readonly asset?: Asset } = {},
): Injection {
  return { who, what, fromMs: from, toMs: to, ...(asset === undefined ? {} : { asset }) };
}

export function shift(bps: number, how: { readonly rampMs?: number; readonly pulseMs?: number } = {}): Effect {
  return { kind: 'shift', bps, ...how };
}

export function move(bps: number, fromMs: number, overMs: number, asset: Asset = 'BTC'): Move {
  return { asset, bps, fromMs, overMs };
}
