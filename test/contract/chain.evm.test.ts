import { startAnvil, type Anvil } from '../support/anvil';
import { anvilRpc, relayChain } from '../support/relay-anvil';
import { RelayedGroup } from '../support/relayed-group';
import { describeChainContract } from './chain-contract';

const SECOND = 1_900_000_000;

let anvil: Anvil;

beforeAll(async () => {
  anvil = await startAnvil(['--timestamp', String(SECOND)]);
});
afterAll(() => anvil.stop());

describeChainContract('openChain over anvil', async () => {
  const group = await RelayedGroup.make();
  const { address } = await group.deploy(anvil.url);
  return {
    chain: await relayChain([anvil.url]),
    store: address,
    group,
    cut: SECOND * 100,
    hold: async () => {
      await anvilRpc(anvil.url, 'evm_setAutomine', false);
    },
    mine: async () => {
      await anvilRpc(anvil.url, 'evm_mine');
      await anvilRpc(anvil.url, 'evm_setAutomine', true);
    },
  };
});
