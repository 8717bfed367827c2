import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../oracle/units/time';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS };

/** `20s`, `1.5m`, `500ms`, `2h` in milliseconds. Throws for anything else, naming what can be said. */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  const unit = UNIT_MS[match?.[2] ?? ''];
  if (unit === undefined) throw new Error(`duration "${text}" is not a number with ms, s, m or h, like 20s`);
  return Number(match?.[1]) * unit;
}
