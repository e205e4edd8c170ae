// The inbox: saved answers behind a slash, Ctrl-Enter sends, r writes, e ends, and times that stay true.
// Without this file the answers are links, the button sends, and a page is as old as its load.
(function () {
  "use strict";

  const field = () => document.getElementById("composer-text");
  const list = () => document.getElementById("answers");
  const links = () => [...(list()?.querySelectorAll("[data-answer]") ?? [])];
  const shown = () => links().filter((a) => !a.parentElement.hidden);

  function mark(link) {
    links().forEach((a) => a.setAttribute("aria-selected", String(a === link)));
    link?.scrollIntoView({ block: "nearest" });
  }

  function close() {
    if (list()) {
      list().open = false;
      links().forEach((a) => {
        a.parentElement.hidden = false;
        a.removeAttribute("aria-selected");
      });
    }
  }

  function insert(link) {
    const f = field();
    f.value = f.value.startsWith("/") ? link.dataset.answer : (f.value + (f.value ? "\n" : "") + link.dataset.answer);
    close();
    f.focus();
    f.setSelectionRange(f.value.length, f.value.length);
    f.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // A slash at the beginning opens the answers; what follows narrows them.
  document.addEventListener("input", (e) => {
    if (e.target !== field() || !list()) {
      return;
    }
    const text = e.target.value;
    if (!text.startsWith("/") || text.includes("\n")) {
      if (list().open && list().dataset.slash) {
        close();
      }
      delete list().dataset.slash;
      return;
    }
    const wanted = text.slice(1).trim().toLocaleLowerCase();
    links().forEach((a) => (a.parentElement.hidden = !a.textContent.toLocaleLowerCase().includes(wanted)));
    list().dataset.slash = "yes";
    list().open = shown().length > 0;
    mark(shown()[0]);
  });

  document.addEventListener("click", (e) => {
    const link = e.target.closest?.("[data-answer]");
    if (link && field() && e.button === 0 && !e.metaKey && !e.ctrlKey && !e.shiftKey) {
      e.preventDefault();
      insert(link);
    }
  });

  document.addEventListener("keydown", (e) => {
    if (e.target !== field() || e.isComposing) {
      return;
    }
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) {
      e.preventDefault();
      e.target.form.requestSubmit();
      return;
    }
    const open = list()?.open && list().dataset.slash;
    if (open && (e.key === "ArrowDown" || e.key === "ArrowUp")) {
      e.preventDefault();
      const all = shown();
      const now = all.findIndex((a) => a.getAttribute("aria-selected") === "true");
      mark(all[(now + (e.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
    } else if (open && e.key === "Enter") {
      const chosen = shown().find((a) => a.getAttribute("aria-selected") === "true");
      if (chosen) {
        e.preventDefault();
        insert(chosen);
      }
    } else if (open && e.key === "Escape") {
      e.preventDefault();
      close();
    }
  });

  // Single keys, where nobody types and no dialog is open.
  const typing = (el) => el.isContentEditable || el.matches?.("input, textarea, select, [role=combobox], [role=textbox]");
  document.addEventListener("keydown", (e) => {
    if (document.body.dataset.keys === "off" || e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.isComposing ||
      typing(e.target) || document.querySelector("dialog[open]")) {
      return;
    }
    const press = e.key === "e" && document.querySelector('[data-press="e"]');
    if (press) {
      e.preventDefault();
      press.click();
    } else if (e.key === "r" && field()) {
      e.preventDefault();
      field().focus();
    }
  });

  // Waits and the rest of WhatsApp's window are the salon's time, which only the server knows.
  setInterval(() => {
    const live = document.querySelector(".live");
    if (document.querySelector(".panes") && !document.hidden && live?.dataset.state === "on") {
      window.frontdesk.refresh();
    }
  }, 60000);
})();
