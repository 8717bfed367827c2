import type { z } from 'zod';
import type { OraclePlan } from '../../oracle/plan';
import type { Keccak } from '../../oracle/reporting/keccak';
import { MINUTE_MS, type EpochMs } from '../../oracle/units/time';
import type { OperatorInstruction } from '../../recording/event';
import { InstructionDigest, instructionSchema, recoverAddress } from './instruction';

/** An instruction is obeyed this long after it was issued, and as far before, for clocks differ. */
export const INSTRUCTION_WINDOW_MS = MINUTE_MS;

/** Why an instruction is not obeyed. */
export type RefusalCode =
  'malformed' | 'unknownFeed' | 'notAnOperator' | 'tooOld' | 'tooEarly' | 'replayed' | 'badSignature';

export type Judgement =
  { readonly accepted: OperatorInstruction } | { readonly refused: RefusalCode; readonly detail: string };

/** Decides whom to obey. It remembers each operator's last instruction, so that none can be used twice. */
export class OperatorDesk {
  private readonly feeds: ReadonlySet<string>;
  private readonly digest: InstructionDigest;
  /** By address in small letters. */
  private readonly lastIssuedAt = new Map<string, EpochMs>();

  /** `operators` are addresses in small letters. */
  constructor(
    plan: OraclePlan,
    private readonly operators: readonly string[],
    private readonly keccak: Keccak,
  ) {
    this.feeds = new Set(plan.feeds.map(({ id }) => id));
    this.digest = new InstructionDigest(plan.network, keccak);
  }

  /** Takes note of an instruction that was obeyed, here or before a restart. */
  remember({ by, issuedAt }: OperatorInstruction): void {
    const operator = by.toLowerCase();
    this.lastIssuedAt.set(operator, Math.max(issuedAt, this.lastIssuedAt.get(operator) ?? 0));
  }

  /** Remembers what it accepts. The signature comes last: recovering a key is the one costly question. */
  async judge(body: unknown, now: EpochMs): Promise<Judgement> {
    const reading = instructionSchema.safeParse(body);
    if (!reading.success) return { refused: 'malformed', detail: faultsOf(reading.error) };
    const instruction: OperatorInstruction = reading.data;
    const refusal = this.refusalOf(instruction, now);
    if (refusal !== undefined) return refusal;
    const signer = await recoverAddress(this.digest.of(instruction), instruction.signature, this.keccak);
    if (signer?.toLowerCase() !== instruction.by.toLowerCase()) {
      const who = signer === undefined ? 'no key could have made it' : `it is of ${signer}`;
      return { refused: 'badSignature', detail: `the signature is not of ${instruction.by}: ${who}` };
    }
    // Another request may have come through while the key was recovered.
    const overtaken = this.refusalOf(instruction, now);
    if (overtaken !== undefined) return overtaken;
    this.remember(instruction);
    return { accepted: instruction };
  }

  private refusalOf(instruction: OperatorInstruction, now: EpochMs): Judgement | undefined {
    const { by, issuedAt } = instruction;
    const feed = instruction.halt ?? instruction.resume ?? '';
    const refuse = (refused: RefusalCode, detail: string): Judgement => ({ refused, detail });
    if (!this.feeds.has(feed)) return refuse('unknownFeed', `${feed} is no feed; GET /v1/feeds lists them`);
    const operator = by.toLowerCase();
    if (!this.operators.includes(operator)) return refuse('notAnOperator', `${by} is not among the operators`);
    const limit = `${INSTRUCTION_WINDOW_MS} ms; sign it again`;
    if (now - issuedAt > INSTRUCTION_WINDOW_MS) {
      return refuse('tooOld', `issued ${Math.floor(now - issuedAt)} ms ago, more than ${limit}`);
    }
    if (issuedAt - now > INSTRUCTION_WINDOW_MS) {
      return refuse('tooEarly', `issued ${Math.floor(issuedAt - now)} ms from now, more than ${limit}`);
    }
    const last = this.lastIssuedAt.get(operator) ?? -Infinity;
    if (issuedAt <= last) {
      return refuse('replayed', `issuedAt ${issuedAt} is not after ${last} of your last instruction; sign a new one`);
    }
    return undefined;
  }
}

function faultsOf({ issues }: z.ZodError): string {
  return issues
    .flatMap((issue) => (issue.code === 'invalid_union' ? issue.errors.flat() : [issue]))
    .map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`)
    .join('; ');
}
