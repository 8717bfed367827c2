import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { errorText } from './request';
import type { Transport } from './subscriber';

/** Message too big: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
const TOO_BIG = 1009;

/** Says why before it closes on a message that is too large: ws closes by itself, unread, from the length in its header. */
export class StreamSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    if (code === TOO_BIG && this.readyState === WebSocket.OPEN) {
      this.send(
        errorText({ code: 'tooLarge', message: 'a message larger than this stream reads; see docs/stream.md' }),
      );
    }
    super.close(code, reason);
  }
}

/** Writes finished frames past ws onto its socket, so that one buffer serves many sockets. Without deflate this is sound. */
export function transportOver(webSocket: StreamSocket, socket: Duplex): Transport {
  return {
    get unsentBytes() {
      return socket.writableLength;
    },
    write(start, rest) {
      if (webSocket.readyState !== WebSocket.OPEN) return;
      socket.cork();
      socket.write(start);
      socket.write(rest);
      socket.uncork();
    },
    onceDrained(listener) {
      socket.once('drain', listener);
    },
    close(code, reason) {
      webSocket.close(code, reason);
    },
  };
}
