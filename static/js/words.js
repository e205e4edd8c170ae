// Wordings: a fact is put where the writer's cursor stood last.
(function () {
  "use strict";

  let last = null;

  document.addEventListener("focusin", (e) => {
    if (e.target.matches(".lang-field textarea")) {
      last = e.target;
    }
  });

  document.addEventListener("click", (e) => {
    const chip = e.target.closest("[data-insert]");
    const form = chip?.closest("form");
    if (!form) {
      return;
    }
    const at = form.contains(last) ? last : form.querySelector(".lang-field textarea");
    if (!at) {
      return;
    }
    if (at !== last) {
      at.selectionStart = at.selectionEnd = at.value.length;
    }
    at.focus();
    at.setRangeText(chip.dataset.insert, at.selectionStart, at.selectionEnd, "end");
    at.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
