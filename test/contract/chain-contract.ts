import type { Chain, Hex, Push } from '../../src/outbound/relay/chain';
import { CALM, RELAYED_FEEDS, type RelayedGroup } from '../support/relayed-group';

export interface ChainUnderTest {
  readonly chain: Chain;
  /** Fresh: nothing was pushed yet. */
  readonly store: Hex;
  readonly group: RelayedGroup;
  /** A cut that the store believes to be of now. */
  readonly cut: number;
  /** No block is mined until `mine`. */
  hold(): Promise<void> | void;
  mine(): Promise<void> | void;
}

const NOWHERE = `0x${'12'.repeat(32)}` as const;

/** What the real chain, and the fake that tests steer, both promise. */
export function describeChainContract(name: string, make: () => Promise<ChainUnderTest>): void {
  describe(`${name}, by the contract of Chain`, () => {
    let subject: ChainUnderTest;

    beforeEach(async () => {
      subject = await make();
    });

    const pushOf = async (message: Uint8Array, rest: Partial<Push> = {}): Promise<Push> => {
      const { nonce, baseFeePerGas, tipPerGas } = await subject.chain.view();
      const fees = { maxFeePerGas: 2n * baseFeePerGas + 2n * tipPerGas, maxPriorityFeePerGas: tipPerGas };
      return { store: subject.store, message, nonce, fees, maxGas: 1_000_000, ...rest };
    };
    const send = async (message: Uint8Array, rest: Partial<Push> = {}): Promise<Hex> => {
      const outcome = await subject.chain.push(await pushOf(message, rest));
      if (outcome.kind !== 'sent') throw new Error(`${outcome.kind} instead of sent`);
      return outcome.hash;
    };
    /** Sent, and in a block: a node may answer before it mines. */
    const deliver = async (message: Uint8Array): Promise<Hex> => {
      const hash = await send(message);
      while ((await subject.chain.receipt(hash)) === undefined);
      return hash;
    };
    const standing = () => subject.chain.standing(subject.store, RELAYED_FEEDS, undefined);

    test('knows which feeds a store holds', async () => {
      await expect(subject.chain.group(subject.store)).resolves.toBe(subject.group.hash);
      await expect(standing()).resolves.toBeUndefined();
    });

    test('stores what was pushed, a nonce later, and tells what it cost', async () => {
      const { cut, group, chain } = subject;
      const { message, standing: offered } = group.offer(cut);
      const before = await chain.view();
      const hash = await deliver(message);
      await expect(chain.receipt(hash)).resolves.toMatchObject({ succeeded: true, gas: expect.any(Number) });
      await expect(standing()).resolves.toEqual(offered);
      expect((await chain.view()).nonce).toBe(before.nonce + 1);
    });

    test('tells a status that changed, beside the last price', async () => {
      const { cut, group } = subject;
      await deliver(group.offer(cut, [65_000, undefined, 1, 80]).message);
      await deliver(group.offer(cut + 1, [65_000, undefined, undefined, 80]).message);
      const held = await standing();
      expect(held?.feeds.map(({ status }) => status)).toEqual([4, 0, 0, 4]);
      expect(held?.feeds[1]?.price).toBeUndefined();
    });

    test('sends nothing that the store would refuse, and says by which name', async () => {
      const { cut, group, chain } = subject;
      await deliver(group.offer(cut).message);
      const { nonce } = await chain.view();
      const older = await pushOf(group.offer(cut - 1, CALM).message);
      await expect(chain.push(older)).resolves.toEqual({ kind: 'refused', error: 'NotNewer' });
      expect((await chain.view()).nonce).toBe(nonce);
    });

    test('sends nothing that could use more gas than there is', async () => {
      const { cut, group, chain } = subject;
      const push = await pushOf(group.offer(cut).message, { maxGas: 10_000 });
      await expect(chain.push(push)).resolves.toMatchObject({ kind: 'overBudget' });
    });

    test('says that a nonce is used', async () => {
      const { cut, group, chain } = subject;
      const { nonce } = await chain.view();
      await deliver(group.offer(cut).message);
      const late = await pushOf(group.offer(cut + 1).message, { nonce });
      await expect(chain.push(late)).resolves.toEqual({ kind: 'nonceUsed' });
    });

    test('replaces what waits by what pays an eighth more, and by nothing cheaper', async () => {
      const { cut, group, chain } = subject;
      await subject.hold();
      const first = await pushOf(group.offer(cut).message);
      const { maxFeePerGas, maxPriorityFeePerGas } = first.fees;
      const hash = await send(first.message);
      const next = await pushOf(group.offer(cut + 1).message, { nonce: first.nonce });
      await expect(chain.push(next)).resolves.toEqual({ kind: 'underpriced' });
      const fees = {
        maxFeePerGas: (maxFeePerGas * 9n + 7n) / 8n,
        maxPriorityFeePerGas: (maxPriorityFeePerGas * 9n + 7n) / 8n,
      };
      const replacement = await send(next.message, { nonce: first.nonce, fees });
      await expect(chain.receipt(replacement)).resolves.toBeUndefined();
      await expect(chain.knows(replacement)).resolves.toBe(true);
      await subject.mine();
      await expect(chain.receipt(replacement)).resolves.toMatchObject({ succeeded: true });
      await expect(chain.receipt(hash)).resolves.toBeUndefined();
      expect((await standing())?.cut).toBe(cut + 1);
    });

    test('knows nothing of a transaction that nobody sent', async () => {
      await expect(subject.chain.receipt(NOWHERE)).resolves.toBeUndefined();
      await expect(subject.chain.knows(NOWHERE)).resolves.toBe(false);
    });
  });
}
