import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { plural, said, speak, spoken, t } from "../../../playground/ui/common/translate.js";

afterEach(() => speak("en", {}));

test("without a translation the message itself is said, with its values", () => {
  assert.equal(t("Epoch {epoch} of {epochs}", { epoch: 2, epochs: 10 }), "Epoch 2 of 10");
  assert.equal(
    t("a {brace} that is no placeholder", { other: 1 }),
    "a {brace} that is no placeholder",
  );
  assert.equal(plural("{count} epoch", "{count} epochs", 1), "1 epoch");
  assert.equal(plural("{count} epoch", "{count} epochs", 0), "0 epochs");
  assert.equal(
    plural("{count} image", "{count} images", 50000, { count: "50,000" }),
    "50,000 images",
  );
});

test("a translation may have its placeholders in another order", () => {
  speak("ko", {
    "Epoch {epoch} of {epochs}": "{epochs} 중 {epoch} 에포크",
    "{count} epoch": ["{count} 에포크"],
  });
  assert.equal(spoken(), "ko");
  assert.equal(t("Epoch {epoch} of {epochs}", { epoch: 2, epochs: 10 }), "10 중 2 에포크");
  assert.equal(plural("{count} epoch", "{count} epochs", 1), "1 에포크");
  assert.equal(plural("{count} epoch", "{count} epochs", 3), "3 에포크");
  assert.equal(t("Filled."), "Filled.");
});

test("each number has the plural form of its language", () => {
  speak("pl", { "{count} epoch": ["{count} epoka", "{count} epoki", "{count} epok"] });
  const forms = [1, 2, 5, 22, 25].map((count) => plural("{count} epoch", "{count} epochs", count));
  assert.deepEqual(forms, ["1 epoka", "2 epoki", "5 epok", "22 epoki", "25 epok"]);
});

test("words of an activity are said in English where they are not there in the language", () => {
  const title = { en: "Wide or deep", ko: "넓게 또는 깊게" };
  assert.equal(said(title), title.en);
  speak("de", {});
  assert.equal(said(title), title.en);
  speak("ko", {});
  assert.equal(said(title), title.ko);
  assert.equal(said(null), "");
});
