import type { KnowledgeExample } from "../../../schemas/stages/knowledge.ts";

/** Of our own making: the examples of a deployment without a pool. */
export const OWN_EXAMPLES: readonly KnowledgeExample[] = [
  {
    text: "Front row for Velvet Comets at the Saltmarsh Arena tonight, Tomas Iversen still has that voice",
    caption: "A singer with a microphone stands on a stage in blue light before a crowd with raised hands.",
    answer:
      "Velvet Comets is the band that plays, an organisation, because one sits in the front row for it. Saltmarsh Arena is the venue, a place, as the words at the and Arena tell. Tomas Iversen is a person, most likely the band's singer, because he has a voice; the singer on the stage may be him. Nothing else in the text is a name.",
  },
  {
    text: "RT @HarbourWatch: ferry to Lindoya cancelled again, thanks for nothing NordFerries",
    caption: "A white ferry lies at a quay under grey clouds.",
    answer:
      "HarbourWatch is the account that wrote the post, most likely a local news organisation. Lindoya is a place, because a ferry goes there, probably an island. NordFerries is the company that runs the ferry, an organisation, because it is blamed for the cancelled trip. The picture shows a ferry and a quay, which fits, but names nothing.",
  },
  {
    text: "my cat just knocked over the tree for the third time this week, happy monday everyone",
    answer: "The text names nothing. Monday is a day and not a named entity, and cat and tree are common nouns.",
  },
];
