import { describeEvmClientContract } from '../contract/evm-client-contract';
import { ScriptedChain } from './scripted-chain';

describeEvmClientContract(ScriptedChain.name, () => {
  const contract = '0x5fbdb2315678afecb367f032d93f642f64180aa3';
  const client = new ScriptedChain();
  client.answer(contract, '0x313ce567', `0x${'8'.padStart(64, '0')}`);
  client.answer(contract, '0xfeaf968c', { reverted: 'execution reverted: No data present' });
  return Promise.resolve({ client, contract });
});
