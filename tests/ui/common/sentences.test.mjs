import assert from "node:assert/strict";
import { test } from "node:test";

import { Sentences } from "../../../playground/ui/common/sentences.js";

const KOREAN = {
  "You are next.": "다음 차례예요.",
  "Ended after {minutes:g} minutes.": "{minutes:g}분 뒤 끝",
  "{reason} Its model could not be saved. {problem}": "{problem} 모델 저장 실패: {reason}",
  "The disk is full (50%).": "디스크가 꽉 찼어요(50%).",
};

test("a sentence is found again by its words", () => {
  const sentences = new Sentences(KOREAN);
  assert.equal(sentences.read("You are next."), "다음 차례예요.");
  assert.equal(sentences.read("Ended after 2.5 minutes."), "2.5분 뒤 끝");
  assert.equal(
    sentences.read(
      "Ended after 2.5 minutes. Its model could not be saved. The disk is full (50%).",
    ),
    "디스크가 꽉 찼어요(50%). 모델 저장 실패: 2.5분 뒤 끝",
  );
});

test("what is none of ours stays, and in English everything does", () => {
  assert.equal(new Sentences(KOREAN).read("Another version."), "Another version.");
  assert.equal(new Sentences(KOREAN).read(""), "");
  assert.equal(new Sentences({}).read("You are next."), "You are next.");
});
