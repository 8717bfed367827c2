import type { RecordedEvent } from '../event';

/** Streams that are each in the order of time as one; where times are equal, in the order of the streams. */
export async function* merged(streams: readonly AsyncIterable<RecordedEvent>[]): AsyncGenerator<RecordedEvent> {
  const iterators = streams.map((stream) => stream[Symbol.asyncIterator]());
  try {
    const heads = await Promise.all(iterators.map((iterator) => iterator.next()));
    for (;;) {
      let first: RecordedEvent | undefined;
      let from = -1;
      heads.forEach((head, index) => {
        if (head.done === true || (first !== undefined && head.value.at >= first.at)) return;
        first = head.value;
        from = index;
      });
      const iterator = iterators[from];
      if (first === undefined || iterator === undefined) return;
      yield first;
      heads[from] = await iterator.next();
    }
  } finally {
    for (const iterator of iterators) await iterator.return?.();
  }
}
