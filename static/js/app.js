// Page behaviour that HTML alone cannot give: the CSRF token on htmx requests, the state of the live
// connection (pause, lost, back), a tint on what is new, and focus where a page asks for it.
// Every page works without this file; with it, it stays current by itself.
(function () {
  "use strict";

  const body = document.body;
  const live = () => document.querySelector("[data-live]");
  const status = document.getElementById("live-status");
  let before = new Set();

  function announce(text) {
    if (status && text) {
      status.textContent = text;
    }
  }

  function setState(state) {
    const el = document.querySelector(".live");
    if (el && el.dataset.state !== state) {
      el.dataset.state = state;
    }
  }

  const state = () => document.querySelector(".live")?.dataset.state;
  const keys = (root) => new Set([...root.querySelectorAll("[data-key]")].map((e) => e.dataset.key));

  function refresh() {
    const el = live();
    if (el) {
      window.htmx.trigger(el, "refresh");
    }
  }

  body.addEventListener("htmx:configRequest", (e) => {
    if (e.detail.verb !== "get" && body.dataset.csrf) {
      e.detail.headers["X-CSRF-Token"] = body.dataset.csrf;
    }
  });

  // While paused, the reader hears that something changed and nothing moves.
  body.addEventListener("htmx:beforeRequest", (e) => {
    const el = live();
    const cause = e.detail.requestConfig.triggeringEvent;
    if (!el || e.target !== el) {
      return;
    }
    if (state() === "paused" && cause && cause.type !== "refresh") {
      announce(el.dataset.waiting);
      e.preventDefault();
    }
  });

  body.addEventListener("htmx:beforeSwap", (e) => {
    if (e.detail.target.matches("[data-live]")) {
      before = keys(e.detail.target);
    }
  });

  body.addEventListener("htmx:afterSettle", () => {
    const el = live();
    if (!el || before.size === 0) {
      return;
    }
    let fresh = 0;
    el.querySelectorAll("[data-key]").forEach((row) => {
      if (!before.has(row.dataset.key)) {
        row.classList.add("is-new");
        fresh += 1;
      }
    });
    before = new Set();
    if (fresh > 0) {
      announce(el.dataset.updated);
    }
  });

  // Streams end now and then by design; a reader is told only when the next one does not follow soon.
  let gone = false;
  let telling;
  body.addEventListener("htmx:sseOpen", () => {
    clearTimeout(telling);
    const was = state();
    const missedSome = gone;
    gone = false;
    if (was === "paused") {
      return;
    }
    setState("on");
    if (was === "lost") {
      announce(live()?.dataset.back);
    }
    if (missedSome) {
      refresh(); // whatever was published meanwhile
    }
  });
  body.addEventListener("htmx:sseError", () => {
    if (gone) {
      return;
    }
    gone = true;
    telling = setTimeout(() => {
      if (state() !== "paused") {
        setState("lost");
        announce(live()?.dataset.lost);
      }
    }, 3000);
  });

  body.addEventListener("htmx:responseError", (e) => {
    const region = document.querySelector(".toasts");
    if (!region || e.detail.xhr.status === 422) {
      return;
    }
    const toast = document.createElement("p");
    toast.className = "toast";
    toast.textContent = region.dataset.failed;
    region.replaceChildren(toast);
  });

  body.addEventListener("click", (e) => {
    const el = e.target.closest("[data-act]");
    if (!el) {
      return;
    }
    if (el.dataset.act === "pause") {
      setState("paused");
      announce(live()?.dataset.paused);
      document.querySelector('[data-act="resume"]')?.focus();
    }
    if (el.dataset.act === "resume") {
      setState("on");
      refresh();
      document.querySelector('[data-act="pause"]')?.focus();
    }
    if (el.dataset.act === "print") {
      window.print();
    }
  });

  // A menu closes when the pointer or Escape goes elsewhere.
  document.addEventListener("click", (e) => {
    document.querySelectorAll("details[data-menu][open]").forEach((d) => {
      if (!d.contains(e.target)) {
        d.open = false;
      }
    });
  });
  document.addEventListener("keydown", (e) => {
    if (e.key === "Escape") {
      document.querySelectorAll("details[data-menu][open]").forEach((d) => {
        d.open = false;
        d.querySelector("summary").focus();
      });
    }
  });

  document.querySelector("[data-focus]")?.focus();
  // Buttons that only work with a script appear only with one.
  document.querySelectorAll("[data-needs-script]").forEach((e) => e.removeAttribute("hidden"));
})();
