import { frameStart } from './frame';

describe(frameStart.name, () => {
  test.each([
    ['in the second byte up to 125', 123, [0x81, 125]],
    ['in two more bytes from 126', 124, [0x81, 126, 0, 126]],
    ['in two more bytes up to 65,535', 65_533, [0x81, 126, 0xff, 0xff]],
    ['in eight more bytes from 65,536', 65_534, [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]],
  ])('writes the length of the whole payload %s', (_, restBytes, header) => {
    expect([...frameStart('{}', restBytes)]).toEqual([...header, 0x7b, 0x7d]);
  });
});
