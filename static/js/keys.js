// The palette (Ctrl-K or Cmd-K) and the single keys. Single keys never act while somebody types or a dialog
// is open, and can be turned off (WCAG 2.1.4).
(function () {
  "use strict";

  const palette = document.getElementById("palette");
  const inside = document.getElementById("palette-body");
  const off = () => document.body.dataset.keys === "off";
  if (!palette || !window.htmx) {
    return;
  }
  let back = null; // gives the focus back to where it was when the palette opened

  function openPalette() {
    if (palette.open || document.querySelector("dialog[open]")) {
      return;
    }
    back = window.frontdesk.focusLater(document.activeElement);
    palette.showModal();
    window.htmx.ajax("GET", "/console/find", { target: inside, swap: "innerHTML" });
  }

  palette.addEventListener("close", () => {
    inside.replaceChildren();
    back?.();
  });
  palette.addEventListener("click", (e) => {
    if (e.target === palette || e.target.closest("[data-close]")) {
      palette.close();
    } else if (e.target.closest("a[data-dialog]")) {
      palette.close();
    }
  });

  // The field is a combobox over the results, which stay links: the focus rests in the field, the arrows
  // move along the results, Enter follows the one they stand on.
  const field = (root) => root.querySelector("[data-find]");
  let hurried = false; // Enter was pressed before the results of the last word were there
  function stale(f) {
    const list = document.getElementById(f.getAttribute("aria-controls"));
    return list?.getAttribute("role") !== "listbox" || list.dataset.query !== f.value.trim().replace(/\s+/g, " ");
  }
  const results = (f) => [...document.querySelectorAll(`#${f.getAttribute("aria-controls")} [role=option]`)];

  function mark(f, option) {
    results(f).forEach((o) => o.setAttribute("aria-selected", String(o === option)));
    if (option) {
      f.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      f.removeAttribute("aria-activedescendant");
    }
  }

  function enhance(root) {
    const list = root.matches?.("[data-results]") ? root : root.querySelector("[data-results]");
    if (!list) {
      return;
    }
    list.setAttribute("role", "listbox");
    list.querySelectorAll("section").forEach((s) => s.setAttribute("role", "group"));
    list.querySelectorAll("ul, li").forEach((e) => e.setAttribute("role", "presentation"));
    list.querySelectorAll("a").forEach((a, i) => {
      a.setAttribute("role", "option");
      a.setAttribute("aria-selected", "false");
      a.tabIndex = -1;
      a.id = list.id + "-" + i;
    });
    const f = document.querySelector(`[data-find][aria-controls="${list.id}"]`);
    if (f) {
      f.setAttribute("role", "combobox");
      f.setAttribute("aria-expanded", "true");
      f.setAttribute("aria-autocomplete", "list");
      mark(f, results(f)[0]);
      const said = list.dataset.found;
      document.getElementById(list.id + "-status")?.replaceChildren(said || "");
      if (hurried && !stale(f)) {
        hurried = false;
        results(f)[0]?.click();
      }
    }
  }

  // The field takes the focus once it listens, not when it is drawn: a word typed in between would find nothing.
  document.body.addEventListener("htmx:afterSettle", (e) => {
    if (e.detail.target === inside) {
      field(inside)?.focus();
    }
  });
  document.body.addEventListener("htmx:load", (e) => enhance(e.detail.elt));
  enhance(document);

  document.addEventListener("keydown", (e) => {
    const f = e.target.closest?.("[data-find]");
    if (!f || e.isComposing) {
      return;
    }
    const list = results(f);
    const now = list.findIndex((o) => o.getAttribute("aria-selected") === "true");
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      e.preventDefault();
      const step = e.key === "ArrowDown" ? 1 : -1;
      mark(f, list[(now + step + list.length) % list.length]);
    } else if (e.key === "Enter" && stale(f)) {
      e.preventDefault(); // what stands there answers an earlier word: the first of what is coming is meant
      hurried = true;
    } else if (e.key === "Enter" && now >= 0) {
      e.preventDefault();
      list[now].click();
    }
  });

  document.addEventListener("input", () => (hurried = false));

  // Single keys.
  const typing = (el) => el.isContentEditable || el.matches?.("input, textarea, select, [role=combobox], [role=textbox]");
  let going = 0;

  // openSheet shows the keys; the focus comes back to where the key was pressed.
  function openSheet() {
    const link = document.querySelector("[data-sheet]");
    if (link) {
      window.frontdesk.open(link, document.activeElement);
    }
  }

  function goTo(n) {
    document.querySelectorAll(".nav li .nav-link")[n - 1]?.click();
  }

  document.addEventListener("keydown", (e) => {
    if ((e.ctrlKey || e.metaKey) && !e.altKey && e.key.toLowerCase() === "k") {
      e.preventDefault();
      openPalette();
      return;
    }
    if (off() || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || typing(e.target) || document.querySelector("dialog[open]")) {
      return;
    }
    if (going && /^[1-9]$/.test(e.key)) {
      going = 0;
      e.preventDefault();
      goTo(Number(e.key));
      return;
    }
    going = 0;
    const act = {
      "?": openSheet,
      "/": () => openPalette() ?? true,
      j: () => window.frontdesk.walk(1),
      k: () => window.frontdesk.walk(-1),
      x: () => document.activeElement.closest?.("tr")?.querySelector("input[name=id]")?.click() ?? true,
      g: () => (going = 1),
    }[e.key];
    if (act && act() !== false) {
      e.preventDefault();
    }
  });

  document.addEventListener("click", (e) => {
    const link = e.target.closest("[data-palette]");
    if (link && e.button === 0 && !e.metaKey && !e.ctrlKey && !e.shiftKey) {
      e.preventDefault();
      openPalette();
    }
  });
})();
