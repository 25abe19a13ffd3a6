import { describe, expect, test } from "vitest";
import { ANSWER, type Case, type Change, EARLIER, findings, POST, push, remove, set, THING } from "./earlier.ts";

const BREAKING: readonly Case[] = [
  ["a field of a request is removed", remove(`${POST}/properties/share`), `${POST}/properties/share: the field was`],
  ["a field becomes required", push(`${POST}/required`, "mode"), `${POST}/properties/mode: the field became required`],
  [
    "a required field is added",
    push(`${POST}/required`, "image"),
    `${POST}/properties/image: a required field was added`,
  ],
  [
    "a field's type is narrowed",
    set(`${POST}/properties/share/type`, "integer"),
    `${POST}/properties/share: the type was number and is integer`,
  ],
  [
    "a form of a field is removed",
    remove(`${POST}/properties/labels/anyOf/1`),
    `${POST}/properties/labels/anyOf/1: requests may no longer have a value of type array here`,
  ],
  [
    "a value of a request's enum is removed",
    remove(`${POST}/properties/mode/enum/1`),
    `${POST}/properties/mode: requests may no longer have the value "cheap"`,
  ],
  [
    "a default changes",
    set(`${POST}/properties/mode/default`, "cheap"),
    `${POST}/properties/mode: the default was "fast" and is "cheap"`,
  ],
  [
    "a minimum is raised",
    set(`${POST}/properties/share/minimum`, 0.1),
    `${POST}/properties/share: \`minimum\` was 0 and is 0.1`,
  ],
  [
    "a maximum is lowered",
    set(`${POST}/properties/text/maxLength`, 99),
    `${POST}/properties/text: \`maxLength\` was 100 and is 99`,
  ],
  [
    "a pattern is added",
    set(`${POST}/properties/text/pattern`, "a"),
    `${POST}/properties/text: \`pattern\` was absent and is a`,
  ],
  [
    "a format is added to a request's field",
    set(`${POST}/properties/text/format`, "uri"),
    `${POST}/properties/text: the format was none and is uri`,
  ],
  ["an unknown keyword restricts", set(`${POST}/not`, { required: ["mode"] }), `${POST}: \`not\` changed`],
  ["a field of an answer is removed", remove(`${ANSWER}/properties/id`), `${ANSWER}/properties/id: the field was`],
  ["a field becomes optional", remove(`${ANSWER}/required/0`), `${ANSWER}/properties/id: the field may now be absent`],
  [
    "an answer's field gets another type",
    set(`${ANSWER}/properties/count/type`, "number"),
    `${ANSWER}/properties/count: the type was integer and is number`,
  ],
  [
    "an answer's field may be null",
    set(`${ANSWER}/properties/id/type`, ["string", "null"]),
    `${ANSWER}/properties/id: answers may now have null here`,
  ],
  [
    "a value is added to an answer's enum",
    push(`${THING}/properties/reason/enum`, "shadow"),
    `${THING}/properties/reason: answers may now have the value "shadow"`,
  ],
  [
    "an answer's enum is removed",
    remove(`${THING}/properties/reason/enum`),
    `${THING}/properties/reason: answers may now have any value here: the enum was removed`,
  ],
  [
    "an answer's format changes",
    set(`${ANSWER}/properties/at/format`, "date"),
    `${ANSWER}/properties/at: the format was date-time and is date`,
  ],
  [
    "a list of fixed items gets longer",
    push(`${THING}/properties/size/prefixItems`, {}),
    `${THING}/properties/size: the list had 2 described items and has 3`,
  ],
];

const ADDITIVE: ReadonlyArray<readonly [what: string, change: Change]> = [
  ["an optional field is added to a request", set(`${POST}/properties/image`, { type: "string" })],
  ["a value is added to a request's enum", push(`${POST}/properties/mode/enum`, "slow")],
  ["a request's field may be null", set(`${POST}/properties/text/type`, ["string", "null"])],
  ["a maximum of a request is raised", remove(`${POST}/properties/text/maxLength`)],
  ["a field of a request is no longer required", set(`${POST}/required`, [])],
  ["a field is added to an answer", set(`${ANSWER}/properties/extra`, { type: "string" })],
  ["an answer's field is never null any more", set(`${ANSWER}/properties/score/type`, "number")],
  ["a code is added to those of problems", push("#/components/schemas/ProblemCode/enum", "late")],
  ["descriptions change", set(`${POST}/description`, "A post.")],
  ["a schema moves to a place of its own", set(`${ANSWER}/properties/found/items`, EARLIER.components.schemas.Thing)],
];

describe("schemaFindings", () => {
  test.each(BREAKING)("refuses when %s", (_what, change, finding) => {
    expect(findings(change)).toEqual([expect.stringContaining(finding)]);
  });

  test.each(ADDITIVE)("passes when %s", (_what, change) => {
    expect(findings(change)).toEqual([]);
  });
});
