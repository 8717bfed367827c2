import { parseArgs } from 'node:util';
import { QuorumHouse, type Resident } from '../support/quorum-house';
import { Arrivals, latencies } from './arrivals';
import { tallyLedgers } from './tally';
import { trials } from './trials';

const SIGNERS = 5;
const THRESHOLD = 3;
const CUT_EVERY_MS = 500;
const SETTLE_MS = 5_000;
/** One affliction in so many strikes three signers at once: then there must be silence, and afterwards a way back. */
const SILENCE_EVERY = 12;

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
});

/** Numbers in [0, 1) that a seed repeats: Park and Miller's minimal standard. */
let state = Math.max(1, Number(values.seed)) % 2_147_483_647;
function random(): number {
  state = (state * 48_271) % 2_147_483_647;
  return state / 2_147_483_647;
}

const between = (low: number, high: number): number => low + random() * (high - low);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const struck = { killed: 0, frozen: 0, silences: 0 };

/** Kills a signer or freezes it, and lets it go on after a while. */
async function afflict(signer: Resident): Promise<void> {
  if (random() < 0.5) {
    struck.killed += 1;
    await signer.kill();
    await pause(between(200, 4_000));
    await signer.start();
  } else {
    struck.frozen += 1;
    signer.signal('SIGSTOP');
    await pause(between(500, 6_000));
    signer.signal('SIGCONT');
  }
}

async function main(): Promise<void> {
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new Error(`--minutes ${values.minutes} is not a number above zero`);
  const house = await QuorumHouse.build({
    signers: SIGNERS,
    threshold: THRESHOLD,
    cutEveryMs: CUT_EVERY_MS,
    single: true,
  });
  try {
    await house.start();
    const [standby, single] = house.residents.slice(SIGNERS) as [Resident, Resident];
    const arrivals = { quorum: await Arrivals.open(standby.url), single: await Arrivals.open(single.url) };
    await pause(SETTLE_MS);
    const signers = house.residents.slice(0, SIGNERS);
    const tried = await trials(house, signers, arrivals.quorum);
    await strike(signers, Date.now() + minutes * 60_000);
    await pause(2 * SETTLE_MS);
    for (const one of Object.values(arrivals)) one.stop();
    await house.silence();
    const tally = await tallyLedgers(house.residents.slice(0, SIGNERS + 1), THRESHOLD, CUT_EVERY_MS / 10);
    const latencyMs = latencies(arrivals.single, arrivals.quorum);
    process.stdout.write(
      `${JSON.stringify({ trials: tried, minutes, ...struck, ...tally, latencyMs }, undefined, 2)}\n`,
    );
    if (tally.reusedCuts + tally.equivocations + tally.unexplainedSlots > 0) process.exitCode = 1;
  } finally {
    await house.end();
  }
}

/** At most two signers are away at a time, but now and then three. */
async function strike(signers: readonly Resident[], until: number): Promise<void> {
  const away = new Map<Resident, Promise<void>>();
  for (let round = 1; Date.now() < until; round += 1) {
    const atOnce = round % SILENCE_EVERY === 0 ? 3 : 2;
    if (atOnce === 3) struck.silences += 1;
    while (away.size < atOnce) {
      const present = signers.filter((signer) => !away.has(signer));
      const chosen = present[Math.floor(random() * present.length)] as Resident;
      away.set(
        chosen,
        afflict(chosen).finally(() => away.delete(chosen)),
      );
    }
    await Promise.race([...away.values(), pause(Math.max(0, until - Date.now()))]);
    await pause(between(200, 1_500));
  }
  await Promise.all(away.values());
}

main().catch((error: unknown) => {
  process.stderr.write(`soak: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
