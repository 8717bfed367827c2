import WebSocket from 'ws';
import type { ClientOptions } from 'ws';
import { SECOND_MS } from '../../oracle/units/time';
import type { Socket, SocketEnd, SocketEvents, SocketOptions } from './socket';

/** How long the other side may take to answer a close before the connection is destroyed. */
const CLOSE_TIMEOUT_MS = 1 * SECOND_MS;

/** `closeTimeout` is an option of ws 8.23 that its types do not name. */
type Options = ClientOptions & { readonly closeTimeout: number };

/** The real socket: ws, without compression, which costs some 50 µs a frame and lets a peer inflate what it sends. */
export function connectWs(url: string, { maxFrameBytes }: SocketOptions, events: SocketEvents): Socket {
  const options: Options = { perMessageDeflate: false, maxPayload: maxFrameBytes, closeTimeout: CLOSE_TIMEOUT_MS };
  let socket: WebSocket;
  try {
    socket = new WebSocket(url, options);
  } catch (error) {
    return failing(error, events);
  }

  const detach = () => {
    socket.removeAllListeners();
    // ws still emits errors of a connection that is being closed; unheard, they would end the process.
    socket.on('error', () => undefined);
  };
  const end = (how: SocketEnd) => {
    detach();
    socket.terminate();
    events.ended(how);
  };

  socket.on('open', () => {
    events.opened();
  });
  socket.on('message', (data: Buffer, isBinary) => {
    events.received(isBinary ? data : data.toString());
  });
  socket.on('ping', () => {
    events.pulsed();
  });
  socket.on('pong', () => {
    events.pulsed();
  });
  socket.on('unexpected-response', (_request, { statusCode = 0, headers }) => {
    end({ kind: 'refused', status: statusCode, retryAfterMs: retryAfterMs(headers['retry-after']) });
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    const tooLarge = error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
    end(tooLarge ? { kind: 'tooLarge' } : { kind: 'failed', error: error.message });
  });
  socket.on('close', (code, reason) => {
    end({ kind: 'closed', code, reason: reason.toString() });
  });

  return {
    send(text) {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close() {
      detach();
      socket.close(1000);
    },
  };
}

/** Seconds only: a date would need a clock, and exchanges send seconds. */
function retryAfterMs(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,9}$/.test(header) ? Number(header) * SECOND_MS : undefined;
}

function failing(error: unknown, events: SocketEvents): Socket {
  const report = setImmediate(() => {
    events.ended({ kind: 'failed', error: error instanceof Error ? error.message : String(error) });
  });
  return {
    send: () => undefined,
    close() {
      clearImmediate(report);
    },
  };
}
