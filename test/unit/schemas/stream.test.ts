import { expect, test } from "vitest";
import * as z from "zod/mini";
import { Region } from "../../../schemas/recognize.ts";
import { MaskEvent, RegionEvent, STREAM_EVENTS } from "../../../schemas/stream.ts";

test("a region's event and its mask's event have the fields of the answer's region", () => {
  const fields = [...Object.keys(RegionEvent.shape), ...Object.keys(MaskEvent.shape)];
  expect(fields.filter((name) => name !== "entity_id" && name !== "region_id").toSorted()).toEqual(
    Object.keys(Region.shape).toSorted(),
  );
});

test("has the answer as the last event, and a schema of objects for each", () => {
  expect(Object.keys(STREAM_EVENTS).at(-1)).toBe("end");
  for (const schema of Object.values(STREAM_EVENTS)) expect(schema).toBeInstanceOf(z.ZodMiniObject);
});
