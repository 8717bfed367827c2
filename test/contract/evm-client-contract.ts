import type { Hex } from '../../src/inbound/reader';
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

    beforeAll(async () => {
      subject = await make();
    });

    test('gives what a contract returns, as it is', async () => {
      await expect(subject.client.call(subject.contract, '0x313ce567')).resolves.toBe(`0x${'8'.padStart(64, '0')}`);
    });

    test('gives nothing, and no error, where no contract is', async () => {
      const nowhere = '0x00000000000000000000000000000000000a55a7';
      await expect(subject.client.call(nowhere, '0x313ce567')).resolves.toBe('0x');
    });

    test('rejects with the reason where the contract reverts', async () => {
      await expect(subject.client.call(subject.contract, '0xfeaf968c')).rejects.toThrow(/No data present/);
    });
  });
}
