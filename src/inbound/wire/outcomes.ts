import type { Quote } from '../../oracle/input';
import type { Control, Outcome, Rejection } from '../dialect';

/** A detail is for one line of a log. */
const MAX_DETAIL_LENGTH = 200;

export const ACKNOWLEDGED = control('acknowledged');
export const HEARTBEAT = control('heartbeat');
export const INFORMATION = control('information');
export const RECONNECT = control('reconnect');

function control(control: Control): readonly Outcome[] {
  return [{ kind: 'control', control }];
}

export function rejected(reason: Rejection, detail: string): readonly Outcome[] {
  return [{ kind: 'rejected', reason, detail: detail.slice(0, MAX_DETAIL_LENGTH) }];
}

/** `instrument` is what the configuration calls it; undefined where nothing is configured for `said`. */
export function quoted(instrument: string | undefined, said: string, quote: Quote): readonly Outcome[] {
  return instrument === undefined ? rejected('unknownInstrument', said) : [{ kind: 'quote', instrument, quote }];
}

/** For frames longer than `maxBytes`. A UTF-16 unit is at least one byte, so that no lawful frame is counted too long. */
export function tooLarge(frame: string, maxBytes: number): readonly Outcome[] {
  return rejected('tooLarge', `${frame.length} characters, where at most ${maxBytes} bytes are read: ${frame}`);
}
