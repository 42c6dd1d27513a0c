// The same table as tests/locales/test_particles.py.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { particle } from "../../../playground/ui/common/particles.js";
import { speak, t } from "../../../playground/ui/common/translate.js";

const cases = JSON.parse(readFileSync(new URL("../../fixtures/particles.json", import.meta.url)));

test("a particle fits the sound before it", () => {
  for (const [word, withFinal, without, right] of cases) {
    assert.equal(particle(word, withFinal, without), right, word);
  }
});

test("a message has the particles that fit its values", () => {
  speak("ko", { "{name} learns.": "{name}[이/가] 배워요.", "“{name}”": "“{name}”[은/는]" });
  assert.equal(t("{name} learns.", { name: "신경망" }), "신경망이 배워요.");
  assert.equal(t("{name} learns.", { name: "미나" }), "미나가 배워요.");
  assert.equal(t("“{name}”", { name: "Bag" }), "“Bag”은");
  speak("en", {});
});
