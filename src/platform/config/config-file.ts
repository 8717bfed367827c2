import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import type { Fault, FaultCode, Path } from './fault';

/** One YAML file that remembers where everything in it stands, and collects what is wrong with it. */
export class ConfigFile {
  readonly value: unknown;
  readonly faults: Fault[] = [];
  private readonly lines = new LineCounter();
  private readonly document: Document.Parsed;

  constructor(
    readonly name: string,
    text: string,
  ) {
    this.document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false, logLevel: 'error' });
    for (const error of this.document.errors) {
      const twice = error.code === 'DUPLICATE_KEY';
      this.faults.push({
        code: twice ? 'duplicateKey' : 'syntax',
        file: name,
        line: this.lines.linePos(error.pos[0]).line,
        path: [],
        what: twice ? `${keyAt(text, error.pos[0])} stands here twice` : `this is not YAML: ${error.message}`,
        wayOut: twice ? 'keep one of the two' : 'mend the syntax',
      });
    }
    this.value = this.faults.length === 0 ? this.resolved() : undefined;
  }

  fault(code: FaultCode, path: Path, fault: Omit<Fault, 'code' | 'file' | 'line' | 'path'>): void {
    this.faults.push({ code, file: this.name, line: this.lineOf(path), path, ...fault });
  }

  valueAt(path: Path): unknown {
    return path.reduce<unknown>(
      (value, part) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined,
      this.value,
    );
  }

  /** Aliases are resolved late: one that names nothing, or a bomb of them, throws here. */
  private resolved(): unknown {
    try {
      return this.document.toJS();
    } catch (error) {
      const what = `its aliases cannot be resolved: ${error instanceof Error ? error.message : String(error)}`;
      this.fault('syntax', [], { what, wayOut: 'write out what they stand for' });
      return undefined;
    }
  }

  private lineOf(path: Path): number {
    let node: Node | null = this.document.contents;
    let offset = 0;
    for (const part of path) {
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
        if (pair === undefined) break;
        offset = offsetOf(pair.key) ?? offset;
        node = isNode(pair.value) ? pair.value : null;
      } else if (isSeq(node)) {
        const item: unknown = node.items[Number(part)];
        if (!isNode(item)) break;
        offset = offsetOf(item) ?? offset;
        node = item;
      } else break;
    }
    return this.lines.linePos(offset).line;
  }
}

function keyAt(text: string, offset: number): string {
  return /^[^\s:,}]+/.exec(text.slice(offset))?.[0] ?? 'a key';
}

function offsetOf(value: unknown): number | undefined {
  return isNode(value) ? value.range?.[0] : undefined;
}
