import { frameTemplate } from './frame-template';

const QUOTE = frameTemplate(
  '{"s":"<symbol>","t":<:integer>,"b":["<bid:decimal>"<:levels>],"x":<last:number>,"at":"<at:time>"}',
);

/** The frame of the template's shape with one piece of it replaced. */
function frame(piece = '', by = ''): string {
  const whole = '{"s":"BTC-USD","t":12,"b":["1.50",["1.4","2"]],"x":-0.25,"at":"1970-01-01T00:00:01.5Z"}';
  expect(whole).toContain(piece);
  return whole.replace(piece, by);
}

describe('frameTemplate', () => {
  it('gives the words of the named holes, in order', () => {
    expect(QUOTE.read(frame())).toEqual(['BTC-USD', 1.5, -0.25, 1500]);
  });

  it('reads an empty text, an empty list of levels, and no decimals', () => {
    const bare = frame('BTC-USD', '').replace(',["1.4","2"]', '').replace('1.50', '7').replace('-0.25', '0');
    expect(QUOTE.read(bare)).toEqual(['', 7, 0, 1500]);
  });

  it.each([
    ['a byte of the shape differs', '"t":', '"T":'],
    ['a blank stands where none is in the shape', ',"x"', ', "x"'],
    ['something follows', 'Z"}', 'Z"} '],
    ['something is missing', 'Z"}', 'Z"'],
    ['a text holds an escape', 'BTC-USD', String.raw`BTC\u002dUSD`],
    ['a text holds more than ASCII', 'BTC-USD', 'BTC–USD'],
    ['a text ends in a line break', 'BTC-USD', 'BTC-USD\n'],
    ['a digit is of another script', '1.50', '1.5٠'],
    ['a decimal is empty', '1.50', ''],
    ['a decimal has an exponent', '1.50', '1e308'],
    ['a decimal is a word', '1.50', 'NaN'],
    ['a decimal ends in its point', '1.50', '1.'],
    ['a decimal has two points', '1.50', '1.5.0'],
    ['a decimal is beyond float64', '1.50', '9'.repeat(400)],
    ['a number begins with a needless zero', '-0.25', '-00.25'],
    ['a number has an exponent', '-0.25', '-25e-2'],
    ['a number is a string', '-0.25', '"-0.25"'],
    ['an integer is negative', '"t":12', '"t":-12'],
    ['a level lacks its size', '["1.4","2"]', '["1.4"]'],
    ['a level is a number', '["1.4","2"]', '[1.4,"2"]'],
    ['a date does not exist', '1970-01-01', '1970-02-30'],
    ['a time is not in UTC', '1.5Z', '1.5+01:00'],
  ])('leaves the frame to JSON where %s', (_reason, piece, by) => {
    expect(QUOTE.read(frame(piece, by))).toBeUndefined();
  });

  it('leaves an integer that float64 cannot hold to JSON', () => {
    const sequence = frameTemplate('{"u":<u:integer>}');
    expect(sequence.read('{"u":9007199254740991}')).toEqual([Number.MAX_SAFE_INTEGER]);
    expect(sequence.read('{"u":9007199254740992}')).toBeUndefined();
  });

  it('refuses a kind of hole that it does not know, when the template is made', () => {
    expect(() => frameTemplate('{"b":"<bid:decimel>"}')).toThrow('hole <bid:decimel>');
  });
});
