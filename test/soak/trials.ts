import type { QuorumHouse, Resident } from '../support/quorum-house';
import type { Arrivals } from './arrivals';

/** So many cuts are to come while two signers are away, and again once they are back. */
const CUTS = 20;
/** A dead publisher costs a slot, and a lost message up to the time for which a snapshot is good. */
const PATIENCE_MS = 10_000;
const BEHIND_MS = 5_000;
const SETTLE_MS = 2_000;
/** Longer than a snapshot is good for. */
const SILENT_MS = 8_000;

export interface Trial {
  readonly afflicted: string;
  readonly cuts: number;
  /** Of any price that a subscriber was given meanwhile. */
  readonly worstErrorBps?: number;
  /** Reports of a feed that was halted: a cut of two liars that one honest signer was late for has too few who bear its price. */
  readonly withoutPrice?: number;
}

interface Affliction {
  readonly name: string;
  strike(signer: Resident, house: QuorumHouse): Promise<void>;
  heal(signer: Resident, house: QuorumHouse): Promise<void>;
}

const restart = async (signer: Resident): Promise<void> => {
  await signer.kill();
  await signer.start();
};

const AFFLICTIONS: readonly Affliction[] = [
  { name: 'killed', strike: (signer) => signer.kill(), heal: (signer) => signer.start() },
  {
    name: 'frozen',
    strike: async (signer) => signer.signal('SIGSTOP'),
    heal: async (signer) => signer.signal('SIGCONT'),
  },
  {
    name: `${BEHIND_MS / 1_000} s behind`,
    strike: (signer) => {
      signer.skewMs = -BEHIND_MS;
      return restart(signer);
    },
    heal: (signer) => {
      signer.skewMs = 0;
      return restart(signer);
    },
  },
  {
    name: 'lying by 1 % on one feed',
    strike: (signer, house) => {
      house.turnLiar(signer);
      return restart(signer);
    },
    heal: (signer, house) => {
      house.turnHonest(signer);
      return restart(signer);
    },
  },
];

/**
 * Each affliction upon two signers of five, others each time; then three are killed. Throws where cuts do not keep
 * coming with two, or come with three.
 */
export async function trials(house: QuorumHouse, signers: readonly Resident[], subscriber: Arrivals): Promise<Trial[]> {
  const done: Trial[] = [];
  for (const [round, { name, strike, heal }] of AFFLICTIONS.entries()) {
    const two = [signers[round % signers.length], signers[(round + 2) % signers.length]] as [Resident, Resident];
    for (const one of two) await strike(one, house);
    // What was under way as they were struck is not the trial.
    await subscriber.further(1, PATIENCE_MS);
    subscriber.forget();
    await subscriber.further(CUTS, PATIENCE_MS);
    done.push({
      afflicted: `two ${name}`,
      cuts: CUTS,
      worstErrorBps: Math.round(subscriber.worstErrorBps * 100) / 100,
      withoutPrice: subscriber.withoutPrice,
    });
    for (const one of two) await heal(one, house);
    await subscriber.further(CUTS, PATIENCE_MS);
  }
  done.push(await threeLost(signers, subscriber));
  return done;
}

async function threeLost(signers: readonly Resident[], subscriber: Arrivals): Promise<Trial> {
  const three = signers.slice(1, 4);
  for (const one of three) await one.kill();
  // What they had signed may still arrive.
  await subscriber.isSilent(SETTLE_MS);
  const before = subscriber.ms.length;
  await subscriber.isSilent(SILENT_MS);
  const cuts = subscriber.ms.length - before;
  if (cuts > 0) throw new Error(`${cuts} cuts came of two signers, where three must sign`);
  if (!(subscriber.validUntil < Date.now())) throw new Error('nobody signs, and the last snapshot has not run out');
  for (const one of three) await one.start();
  await subscriber.further(CUTS, PATIENCE_MS);
  return { afflicted: 'three killed', cuts };
}
