import type { OperatorInstruction } from '../../src/recording/event';

/** Account 1 of every fresh anvil: a key that the whole world knows. */
const KEY = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d';
export const OPERATOR = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';

/** What an operator sends to `POST /v1/operator`, signed as docs/operator.md says, with viem alone. */
export async function instruction(
  network: string,
  action: 'halt' | 'resume',
  feed: string,
  issuedAt: number,
): Promise<OperatorInstruction> {
  const { keccak256, stringToBytes } = await import('viem');
  const { privateKeyToAccount } = await import('viem/accounts');
  const why = `a test wants ${feed} to ${action}`;
  const signature = await privateKeyToAccount(KEY).signTypedData({
    domain: { name: 'Assay Operator', version: '1', salt: keccak256(stringToBytes(network)) },
    types: {
      Instruction: [
        { name: 'action', type: 'string' },
        { name: 'feed', type: 'string' },
        { name: 'why', type: 'string' },
        { name: 'issuedAt', type: 'uint64' },
      ],
    },
    primaryType: 'Instruction',
    message: { action, feed, why, issuedAt: BigInt(issuedAt) },
  });
  const named = action === 'halt' ? { halt: feed } : { resume: feed };
  return { ...named, by: OPERATOR, why, issuedAt, signature };
}
