import { DECIMAL, decimalAt } from './decimal';
import { ISO_TIME, isoTimeAt } from './iso-time';

/**
 * What may stand in a hole. A hole begins where its value begins, so quotes belong to the shape around it:
 * `"price":"<last:decimal>"` is a decimal in a string, `"price":<last:number>` a JSON number.
 */
const KINDS = {
  /** A string's inside: printable ASCII that JSON needs no escape for. */
  text: String.raw`[ !#-\[\]-~]*`,
  decimal: DECIMAL,
  /** A JSON number without an exponent. */
  number: String.raw`-?(?:0|[1-9]\d*)(?:\.\d+)?`,
  /** A whole number from 0 to 2^53 - 1. */
  integer: String.raw`(?:0|[1-9]\d{0,15})`,
  time: ISO_TIME,
  /** What follows the best level of one side of a book. */
  levels: String.raw`(?:,\["${DECIMAL}","${DECIMAL}"\])*`,
} as const;

type Kind = keyof typeof KINDS;
type Word<Kind> = Kind extends 'text' ? string : number;
type WordsOfHole<Hole> = Hole extends `:${string}`
  ? []
  : Hole extends `${string}:${infer Kind}`
    ? [Word<Kind>]
    : [string];
type Words<Shape> = Shape extends `${string}<${infer Hole}>${infer Rest}` ? [...WordsOfHole<Hole>, ...Words<Rest>] : [];

/** The words of the named holes, in the order in which they stand in the shape. */
export interface FrameTemplate<Shape extends string> {
  /** Undefined where the frame is not of exactly this shape: every byte of it is checked. */
  read(frame: string): Words<Shape> | undefined;
}

/**
 * The shape of a frame as the exchange writes it, with holes: `<name>` for text, `<name:kind>` for anything else and
 * `<:kind>` for what is checked but not wanted. The shape is a fast way to what JSON.parse and a schema find in the
 * same frame, and never another way: whoever reads by template must fall back on those, and agree with them.
 *
 * It compiles to one regular expression in which no hole can swallow what follows it, so that reading takes one pass.
 */
export function frameTemplate<const Shape extends string>(shape: Shape): FrameTemplate<Shape> {
  const pieces = shape.split(/<(\w*)(?::(\w+))?>/);
  const holes: Hole[] = [];
  let source = '';
  let gap = '';
  let gapLength: number | undefined = 0;
  for (let at = 0; at < pieces.length; at += 3) {
    const [literal = '', name, kind = 'text'] = pieces.slice(at, at + 3);
    gap += literal.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
    if (gapLength !== undefined) gapLength += literal.length;
    if (name === undefined) break;
    if (!isKind(kind))
      throw new TypeError(`hole <${name}:${kind}>: the kind is not one of ${Object.keys(KINDS).join()}`);
    if (name === '') {
      gap += KINDS[kind];
      gapLength = undefined;
    } else {
      source += `${gapLength === undefined ? `(${gap})` : gap}(${KINDS[kind]})`;
      holes.push({ gapLength, kind });
      gap = '';
      gapLength = 0;
    }
  }
  const pattern = new RegExp(`^${source}${gap}$`);
  return { read: (frame) => read(pattern, holes, frame) as Words<Shape> | undefined };
}

interface Hole {
  readonly kind: Kind;
  /** How far it lies behind the hole before it; undefined where unwanted holes lie between, and the pattern tells. */
  readonly gapLength: number | undefined;
}

function isKind(kind: string): kind is Kind {
  return Object.hasOwn(KINDS, kind);
}

function read(pattern: RegExp, holes: readonly Hole[], frame: string): (string | number)[] | undefined {
  const match = pattern.exec(frame);
  if (match === null) return undefined;
  const words = new Array<string | number>(holes.length);
  let group = 1;
  let from = 0;
  for (let index = 0; index < holes.length; index++) {
    const { gapLength, kind } = holes[index] as Hole;
    from += gapLength ?? (match[group++] as string).length;
    const text = match[group++] as string;
    const to = from + text.length;
    if (kind === 'text') {
      words[index] = text;
    } else {
      const value = kind === 'time' ? isoTimeAt(frame, from, to) : decimalAt(frame, from, to);
      // Of the form of its kind but without a value: the 30th of February, four hundred digits.
      if (!Number.isFinite(value) || (kind === 'integer' && value > Number.MAX_SAFE_INTEGER)) return undefined;
      words[index] = value;
    }
    from = to;
  }
  return words;
}
