import { Memory } from './memory';

describe(Memory.name, () => {
  const built = (): { memory: Memory; kept: Float64Array; spare: Float64Array } => {
    const memory = new Memory();
    const spare = memory.optional.take(2);
    return { memory, kept: memory.take(1), spare };
  };

  test('saves what is optional only once something stands there, behind the rest', () => {
    const { memory, kept, spare } = built();
    kept[0] = 7;
    expect([...memory.save()]).toEqual([7]);
    spare[1] = 9;
    expect([...memory.save()]).toEqual([7, 0, 9]);
  });

  test('restores a state with or without it', () => {
    const { memory, kept, spare } = built();
    memory.restore(Float64Array.of(1, 2, 3));
    expect([...kept, ...spare]).toEqual([1, 2, 3]);
    memory.restore(Float64Array.of(4));
    expect([...kept, ...spare]).toEqual([4, 0, 0]);
  });

  test('refuses a state of other estimators', () => {
    expect(() => {
      built().memory.restore(new Float64Array(2));
    }).toThrow('a state of 2 numbers, where these estimators keep 1: warm up anew');
  });
});
