const FINAL_BINARY = 0x82;
const MAX_FLAT = 125;
const TWO_BYTES_FOLLOW = 126;
const EIGHT_BYTES_FOLLOW = 127;

/**
 * A message as a server's WebSocket frame (RFC 6455, 5.2: whole, binary, not masked), in one piece, for one
 * write: `ws` writes the head and the message as two (docs/decisions/0007-one-write.md).
 */
export function wireFrame(message: Uint8Array): Buffer {
  const { length } = message;
  const headBytes = length <= MAX_FLAT ? 2 : length <= 0xffff ? 4 : 10;
  const frame = Buffer.allocUnsafe(headBytes + length);
  frame[0] = FINAL_BINARY;
  if (headBytes === 2) frame[1] = length;
  else if (headBytes === 4) {
    frame[1] = TWO_BYTES_FOLLOW;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = EIGHT_BYTES_FOLLOW;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.set(message, headBytes);
  return frame;
}
