import { compileSolidity, startAnvil } from './anvil';

describe(startAnvil.name, () => {
  test('gives a chain that answers, and ends it by its own id', async () => {
    const chain = await startAnvil();
    const answer = await fetch(chain.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber","params":[]}',
    });
    await expect(answer.json()).resolves.toEqual({ jsonrpc: '2.0', id: 1, result: '0x0' });
    await chain.stop();
    expect(() => process.kill(chain.pid, 0)).toThrow('ESRCH');
  });

  test('says what anvil said where that refuses to start', async () => {
    await expect(startAnvil(['--no-such-option'])).rejects.toThrow(/ended with code 2 .*--no-such-option/s);
  });
});

describe(compileSolidity.name, () => {
  test('gives each contract by name', async () => {
    const { SteeredAggregator } = await compileSolidity(['mocks/SteeredAggregator.sol']);
    expect(SteeredAggregator?.bytecode).toMatch(/^0x60[0-9a-f]{200,}$/);
    expect(SteeredAggregator?.abi.some((entry) => entry.type === 'function' && entry.name === 'latestRoundData')).toBe(
      true,
    );
  });

  test('throws what the compiler says', async () => {
    await expect(compileSolidity(['package.json'])).rejects.toThrow(/ParserError/);
  });
});
