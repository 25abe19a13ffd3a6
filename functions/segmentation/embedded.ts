import type { DetectedObject } from "../detect/objects.ts";
import type { Picture } from "../pictures.ts";
import type { Pause } from "../queue.ts";
import { weightsEntry } from "../weights.ts";
import { type Choice, chooseMethod, type Detections, mainPerson, otherPeople } from "./choose.ts";
import { GrabCut, segmentByColour } from "./grabcut.ts";
import { fitsBox } from "./mask.ts";
import { createPeopleSegmenter } from "./people.ts";
import { loadPersonCutter } from "./person.ts";
import type { Plane } from "./plane.ts";
import { attempt, type Outcome, type Segmenter } from "./segment.ts";
import { segmentText } from "./text.ts";
import { loadVocSegmenter } from "./voc.ts";

/** What finds objects and printed text. `map` is the probability of text over the whole picture. */
export interface Detectors {
  objects(picture: Picture): Promise<readonly DetectedObject[]>;
  text(picture: Picture, pause?: Pause): Promise<{ lines: Detections["lines"]; map: Plane<Float32Array> }>;
}

/** What lies in front where the masks of two methods meet: the higher number. */
const LAYERS = { text: 3, class: 2, person: 1, colour: 1 } as const;

/**
 * Load the segmenter without Segment Anything: one model for people, one for PASCAL VOC's classes, the text detector
 * for text, and GrabCut for everything else.
 */
export async function loadEmbedded(detectors: Detectors, grabCut = new GrabCut()): Promise<Segmenter> {
  const [cutPerson, segmentClass] = await Promise.all([loadPersonCutter(grabCut), loadVocSegmenter(), grabCut.start()]);
  const segmentPeople = createPeopleSegmenter(cutPerson.cut, grabCut);
  const weights = ["selfie.onnx", "deeplab.onnx"].map(weightsEntry);
  return {
    model: [...weights.map(({ method }) => method), "grabcut"].join("+"),
    version: weights.map(({ version }) => version).join("+"),
    warm: async (picture, pause, isAlone) => {
      const person = mainPerson(await detectors.objects(picture));
      // GrabCut works in a thread of its own while the text is read: a post with a person mostly names them.
      if (person && isAlone?.()) await attempt(() => cutPerson.begin(picture, person));
      await detectors.text(picture, pause);
    },
    segment: async (picture, requests, pause) => {
      const [objects, text] = await Promise.all([detectors.objects(picture), detectors.text(picture, pause)]);
      const detections = { objects, lines: text.lines };
      const choices = requests.map(({ box, type }) => chooseMethod(box, type, detections));
      const people = requests.flatMap(({ box }, index) => (choices[index]?.by === "person" ? [{ box, index }] : []));
      const others = otherPeople(
        detections,
        people.map(({ box }) => box),
      );
      const peopleOutcomes = await segmentPeople(
        picture,
        people.map(({ box }) => box),
        others,
        pause,
      );
      const outcomes: Outcome[] = requests.map(() => null);
      people.forEach(({ index }, place) => {
        outcomes[index] = withLayer(peopleOutcomes[place] ?? null, LAYERS.person);
      });
      for (const [index, { box }] of requests.entries()) {
        const choice = choices[index] as Choice;
        if (choice.by === "person") continue;
        await pause();
        outcomes[index] = await attempt(async () => {
          const found =
            choice.by === "class"
              ? await segmentClass(picture, box, choice.vocClass)
              : choice.by === "text"
                ? await segmentText(text.map, picture, box)
                : null;
          // GrabCut also cuts what the chosen model does not find: a cat too small for DeepLab.
          if (found && fitsBox(found.mask, box)) return { ...found, layer: LAYERS[choice.by] };
          return withLayer(await segmentByColour(grabCut, picture, box), LAYERS.colour);
        });
      }
      return outcomes;
    },
  };
}

function withLayer<T extends Outcome>(outcome: T, layer: number): Outcome {
  return outcome === null || outcome instanceof Error ? outcome : { ...outcome, layer };
}
