import { FakeChain } from '../support/fake-chain';
import { RelayedGroup } from '../support/relayed-group';
import { describeChainContract } from './chain-contract';

const STORE = '0x00000000000000000000000000000000000000a1';

describeChainContract('FakeChain', async () => {
  const group = await RelayedGroup.make();
  const chain = new FakeChain(STORE, group.hash);
  const control = { hold: () => chain.hold(), mine: () => chain.mine() };
  return { chain, store: STORE, group, cut: 180_000_000_000, ...control };
});
