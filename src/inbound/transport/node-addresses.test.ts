import { nodeAddresses } from './node-addresses';

const chain = (rpcUrls: string, agree?: number) => ({ rpcUrlEnv: 'RPC', rpcUrls, agree });

describe(nodeAddresses.name, () => {
  test.each([
    ['one node, as ever', 'http://a/key', undefined, ['http://a/key'], 1],
    ['more than half of several', 'http://a, http://b,http://c', undefined, ['http://a', 'http://b', 'http://c'], 2],
    ['all of two', 'http://a,http://b', undefined, ['http://a', 'http://b'], 2],
    ['as many as are asked for', 'http://a,http://b,http://c', 3, ['http://a', 'http://b', 'http://c'], 3],
    ['a comma at the end', 'http://a,', undefined, ['http://a'], 1],
  ])('takes %s', (_, rpcUrls, agree, urls, enough) => {
    expect(nodeAddresses(chain(rpcUrls, agree))).toEqual({ urls, agree: enough });
  });

  test.each([
    ['fewer than must agree', 'http://secret/a', 2, 'RPC names 1 nodes, and 2 must agree'],
    ['none', ' ,', undefined, 'RPC names 0 nodes, and 1 must agree'],
    ['a node twice', 'http://secret/a,http://secret/a', undefined, 'RPC names a node twice'],
    ['half of them: two camps', 'http://a,http://b,http://c,http://secret/d', 2, 'two camps could agree with 2 each'],
  ])('refuses %s, and names no address', (_, rpcUrls, agree, says) => {
    const refusal = () => nodeAddresses(chain(rpcUrls, agree));
    expect(refusal).toThrow(says);
    expect(refusal).not.toThrow('secret');
  });
});
