import * as ort from "onnxruntime-node";
import type { Pause } from "../queue.ts";
import { loadModel, readWeights } from "../weights.ts";
import { LABEL_COUNT } from "./lattice.ts";
import { SHAPE, type Shape, shapeOf } from "./shape.ts";
import { BEGIN, createWordPieces, END } from "./word-piece.ts";
import type { Word } from "./words.ts";

export const TAGGER_WEIGHTS = "ner-minilm.onnx.br";
const VOCABULARY = "ner-vocab.txt.br";

/** Pieces of one window, with its begin and end marks: the longest that the tagger was trained on. */
const WINDOW = 128;
/** Pieces that two windows share, so that a word at the edge of one is well inside the other. */
const OVERLAP = 64;
/** Windows of one reading. A text of more pieces is read with less overlap. */
const MOST_WINDOWS = 48;
/** Only the first pieces of a handle or a URL are read, as in training; of a run of symbols likewise. */
const MOST_PIECES_OF_A_LINK = 4;
const CUT: ReadonlySet<Shape> = new Set([SHAPE.handle, SHAPE.url, SHAPE.symbol]);

/** The natural logarithms of the label probabilities, `LABEL_COUNT` per word. */
export type Tagger = (words: readonly Word[], pause: Pause) => Promise<Float64Array>;

interface Piece {
  readonly ids: readonly number[];
  readonly shape: number;
}

/**
 * Load the fine-tuned MiniLM. A text may have any length: the scores of a word come from the window in which it is
 * farthest from an edge.
 */
export async function loadTagger(): Promise<Tagger> {
  const [model, vocabulary] = await Promise.all([loadModel(TAGGER_WEIGHTS), readWeights(VOCABULARY)]);
  const wordPieces = createWordPieces(vocabulary.toString("utf8"));
  return async (words, pause) => {
    const pieces = words.map(({ text }) => {
      const shape = shapeOf(text);
      const ids = wordPieces.encode(text);
      return { shape, ids: CUT.has(shape) ? ids.slice(0, MOST_PIECES_OF_A_LINK) : ids };
    });
    const scores = new Float64Array(words.length * LABEL_COUNT);
    const distances = new Float64Array(words.length).fill(-1);
    for (const [from, to] of windows(pieces)) {
      await pause();
      const windowScores = await read(model, pieces.slice(from, to));
      for (let word = from; word < to; word++) {
        const distance = Math.min(from === 0 ? Infinity : word - from, to === words.length ? Infinity : to - 1 - word);
        if (distance <= (distances[word] ?? 0)) continue;
        distances[word] = distance;
        scores.set(
          windowScores.subarray((word - from) * LABEL_COUNT, (word - from + 1) * LABEL_COUNT),
          word * LABEL_COUNT,
        );
      }
    }
    words.forEach(({ start, end }, word) => {
      if (start === end) scores.fill(Number.NEGATIVE_INFINITY, word * LABEL_COUNT + 1, (word + 1) * LABEL_COUNT);
    });
    return scores;
  };
}

/**
 * Spans of whole words that fit a window, each beginning about `OVERLAP` pieces before the end of the last one, or less
 * where the text would need more than `MOST_WINDOWS`.
 */
export function windows(pieces: readonly Piece[]): Array<[from: number, to: number]> {
  const spans: Array<[number, number]> = [];
  const room = WINDOW - 2;
  const total = pieces.reduce((sum, { ids }) => sum + ids.length, 0);
  const overlap = Math.max(0, Math.min(OVERLAP, Math.floor(room - total / MOST_WINDOWS)));
  for (let from = 0; from < pieces.length; ) {
    let [to, used] = [from, 0];
    while (to < pieces.length && used + (pieces[to]?.ids.length ?? 0) <= room) used += pieces[to++]?.ids.length ?? 0;
    spans.push([from, to]);
    if (to === pieces.length) break;
    let [next, shared] = [to, 0];
    while (next > from + 1 && shared + (pieces[next - 1]?.ids.length ?? 0) <= overlap)
      shared += pieces[--next]?.ids.length ?? 0;
    from = next;
  }
  return spans;
}

async function read(model: ort.InferenceSession, pieces: readonly Piece[]): Promise<Float64Array> {
  const [ids, shapes, first]: [number[], number[], number[]] = [[BEGIN], [SHAPE.lower], []];
  for (const piece of pieces) {
    first.push(ids.length);
    ids.push(...piece.ids);
    shapes.push(...piece.ids.map(() => piece.shape));
  }
  ids.push(END);
  shapes.push(SHAPE.lower);
  const tensor = (values: number[]) => new ort.Tensor("int64", BigInt64Array.from(values, BigInt), [1, values.length]);
  const { logits } = await model.run({
    input_ids: tensor(ids),
    case_ids: tensor(shapes),
    attention_mask: tensor(ids.map(() => 1)),
  });
  if (!logits) throw new Error("the tagger returned no logits");
  const data = logits.data as Float32Array;
  // The label of a word is that of its first piece.
  const scores = new Float64Array(pieces.length * LABEL_COUNT);
  first.forEach((piece, word) => {
    const values = data.subarray(piece * LABEL_COUNT, (piece + 1) * LABEL_COUNT);
    const largest = Math.max(...values);
    const norm = largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
    scores.set(
      Array.from(values, (value) => value - norm),
      word * LABEL_COUNT,
    );
  });
  return scores;
}
