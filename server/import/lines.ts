import { MAX_LINE_LENGTH } from './parse.ts';

/**
 * A stream of bytes as lines of text, without the line ends. Memory stays bounded: of a line that is too long
 * only so much is kept that the parser sees it is.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  for await (const chunk of chunks) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    const lines = text.split('\n');
    for (const [index, line] of lines.entries()) {
      if (index > 0) {
        yield rest;
        rest = '';
      }
      if (rest.length <= MAX_LINE_LENGTH) rest += line.slice(0, MAX_LINE_LENGTH + 1);
    }
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}
