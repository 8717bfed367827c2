import type { OperatorInstruction } from '../../recording/event';

/** Where an accepted instruction goes: the one door for input, seen from here. */
export interface OperatorInbox {
  instructed(instruction: OperatorInstruction): void;
}

/** Nest's token for the `OperatorInbox`. */
export const OPERATOR_INBOX = Symbol('OperatorInbox');
