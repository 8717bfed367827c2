/** FIN and the opcode of a text frame: https://www.rfc-editor.org/rfc/rfc6455#section-5.2 */
const TEXT = 0x81;

/** Payloads up to here have their length in the frame's second byte; up to 65,535 in two more, beyond in eight more. */
const SHORT = 125;
const MEDIUM = 0xffff;

/**
 * A server's text frame up to where the shared rest of its payload begins: the frame's own header, then `text`, which
 * must be ASCII. Written so that one buffer with the rest can follow on every socket.
 */
export function frameStart(text: string, restBytes: number): Buffer {
  const payload = text.length + restBytes;
  const header = payload <= SHORT ? 2 : payload <= MEDIUM ? 4 : 10;
  const start = Buffer.allocUnsafe(header + text.length);
  start[0] = TEXT;
  if (header === 2) start[1] = payload;
  else if (header === 4) {
    start[1] = 126;
    start.writeUInt16BE(payload, 2);
  } else {
    start[1] = 127;
    start.writeUInt32BE(0, 2);
    start.writeUInt32BE(payload, 6);
  }
  start.write(text, header, 'latin1');
  return start;
}
