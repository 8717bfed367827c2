import type { Clock } from '../../platform/clock/clock';
import { problem } from '../../platform/problem';
import type { LatestView, ViewTrouble } from '../ledger/latest-view';

/** Throws a problem while nothing can be served that is signed, proved and not expired. */
export function insistProvable(view: LatestView, clock: Clock): void {
  const trouble = view.trouble(clock.now());
  if (trouble !== undefined) throw unprovable(trouble);
}

export function unprovable(code: ViewTrouble): Error {
  return problem(503, code, 'there is no snapshot that is signed, proved and not expired');
}
