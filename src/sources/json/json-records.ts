import type { JsonPiece, JsonSplitter } from './json-splitter.ts'
import { Utf8Text } from './utf8.ts'

/**
 * The JSON objects of an input, in order, whatever they are wrapped in (see JsonSplitter), with what each
 * chunk completed in one array. Offsets count bytes of the input. What was left out stands in the splitter
 * afterwards.
 */
export async function* splitJson(
  chunks: AsyncIterable<Uint8Array>,
  splitter: JsonSplitter,
): AsyncGenerator<readonly JsonPiece[], void, undefined> {
  const text = new Utf8Text()
  for await (const chunk of chunks) yield placed(splitter.push(text.push(chunk)), text)
  const rest = splitter.push(text.end())
  yield placed([...rest, ...splitter.end()], text)
}

function placed(pieces: readonly JsonPiece[], text: Utf8Text): readonly JsonPiece[] {
  if (text.isPlain) return pieces
  return pieces.map((piece) => ({ ...piece, offset: text.placeOf(piece.offset) }))
}
