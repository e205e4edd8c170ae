// Lists: choosing rows for a bulk act, and j, k and Enter to walk along them.
(function () {
  "use strict";

  const boxes = (form) => [...document.querySelectorAll(`input[type=checkbox][name=id][form="${form.id}"]`)];

  // tally shows how many are chosen and lets an act be taken only then.
  function tally(form) {
    const all = boxes(form);
    const chosen = all.filter((b) => b.checked).length;
    const count = form.querySelector(".bulk-count");
    count.textContent = chosen > 0 ? count.dataset.chosen.replace("#", chosen) : "";
    form.dataset.chosen = chosen;
    form.querySelectorAll("[data-bulk-act]").forEach((b) => (b.disabled = chosen === 0));
    const every = form.querySelector("[data-bulk-all]");
    every.checked = chosen > 0 && chosen === all.length;
    every.indeterminate = chosen > 0 && chosen < all.length;
  }

  const formOf = (el) => el.form && el.form.matches("[data-bulk]") && el.form;
  ["change", "restored"].forEach((name) =>
    document.addEventListener(name, (e) => {
      const form = e.target.matches?.("input[type=checkbox]") && formOf(e.target);
      if (!form) {
        return;
      }
      if (e.target.matches("[data-bulk-all]")) {
        boxes(form).forEach((b) => (b.checked = e.target.checked));
      }
      tally(form);
    }),
  );

  // A bulk act opens its form page with the chosen ids, in the dialog like any other act.
  document.addEventListener("submit", (e) => {
    const form = e.target;
    if (!form.matches("[data-bulk]") || !window.frontdesk.open || !e.submitter) {
      return;
    }
    e.preventDefault();
    const link = document.createElement("a");
    const url = new URL(e.submitter.getAttribute("formaction"), location.href);
    boxes(form).filter((b) => b.checked).forEach((b) => url.searchParams.append("id", b.value));
    link.href = url.pathname + url.search;
    window.frontdesk.open(link, e.submitter);
  });

  const start = (root) => root.querySelectorAll("form[data-bulk]").forEach(tally);
  start(document);
  document.body.addEventListener("htmx:load", (e) => start(e.detail.elt));

  window.frontdesk.walk = (step) => {
    const links = [...document.querySelectorAll("#content .row-link, #content a.item")].filter((a) => a.offsetParent !== null);
    if (links.length === 0) {
      return false;
    }
    const now = links.indexOf(document.activeElement);
    const next = now < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, now + step));
    links[next].focus();
    links[next].scrollIntoView({ block: "nearest" });
    return true;
  };
})();
