import type { Block, Hex } from '../../src/inbound/reader';
import type { EvmClient } from '../../src/inbound/transport/evm-client';

export interface EvmClientUnderTest {
  readonly client: EvmClient;
  /** A contract whose `decimals()` is 8 and whose `latestRoundData()` reverts with "No data present". */
  readonly contract: Hex;
}

/** What the real client, and the fake that tests script, both promise. */
export function describeEvmClientContract(name: string, make: () => Promise<EvmClientUnderTest>): void {
  describe(`${name}, by the contract of EvmClient`, () => {
    let subject: EvmClientUnderTest;
    let newest: Block;

    beforeAll(async () => {
      subject = await make();
      newest = await subject.client.block();
    });

    const call = (to: Hex, data: Hex, block = newest.hash) => subject.client.call({ to, data }, block);

    test('tells the newest block by number, hash and time', () => {
      expect(newest).toEqual({
        number: expect.any(Number) as number,
        hash: expect.stringMatching(/^0x[0-9a-f]{64}$/) as string,
        at: expect.any(Number) as number,
      });
      expect(newest.at % 1_000).toBe(0);
    });

    test('tells the same of a block by its height', async () => {
      await expect(subject.client.block(newest.number)).resolves.toEqual(newest);
    });

    test('rejects a height that the chain has not reached', async () => {
      await expect(subject.client.block(newest.number + 1_000)).rejects.toThrow(/has no block/);
    });

    test('gives what a contract returns, as it is', async () => {
      await expect(call(subject.contract, '0x313ce567')).resolves.toBe(`0x${'8'.padStart(64, '0')}`);
    });

    test('gives nothing, and no error, where no contract is', async () => {
      const nowhere = '0x00000000000000000000000000000000000a55a7';
      await expect(call(nowhere, '0x313ce567')).resolves.toBe('0x');
    });

    test('answers with the reason where the contract reverts', async () => {
      await expect(call(subject.contract, '0xfeaf968c')).resolves.toEqual({
        reverted: expect.stringMatching(/No data present/) as string,
      });
    });

    test('rejects a block that the node does not know: what is asked of one chain is not answered by another', async () => {
      await expect(call(subject.contract, '0x313ce567', `0x${'ab'.repeat(32)}`)).rejects.toThrow();
    });
  });
}
